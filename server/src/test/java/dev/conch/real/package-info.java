/** Tests through the real parts: the program as `bin/conch` starts it, NVIDIA's tritonserver with the CPU model, and the official SDKs. */
@NullMarked
package dev.conch.real;

import org.jspecify.annotations.NullMarked;
