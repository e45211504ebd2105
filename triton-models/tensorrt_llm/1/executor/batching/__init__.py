"""In-flight batching over anything that turns tokens into logits."""
