/**
 * The door's frame: what a connection is watched for before its bytes mean anything. In: bytes of HTTP/1.1. Out: the same bytes, if their
 * framing has one meaning only, and faults for the http room to answer. Next door: http.
 */
@NullMarked
package dev.conch.http.connection;

import org.jspecify.annotations.NullMarked;
