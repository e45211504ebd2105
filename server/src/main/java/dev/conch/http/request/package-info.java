/**
 * Reads requests. In: the bytes of a body. Out: a wire record, or an error that names the field at fault; what nobody defined is counted.
 * Every parameter stands once in a table, from which its range, its refusal and its documentation follow. Next door: http, whose
 * controllers ask, and openai, which has the records.
 */
@NullMarked
package dev.conch.http.request;

import org.jspecify.annotations.NullMarked;
