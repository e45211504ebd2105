/**
 * Benchmarks of what runs for every request. In: text of this repository and a public tokenizer. Out: a table, ours beside the library in
 * the same run. Not part of the product.
 */
@NullMarked
package dev.conch.bench;

import org.jspecify.annotations.NullMarked;
