/**
 * What the server says of itself. In: {@code openapi.yaml} and the limits of the configuration. Out: the OpenAPI document, and a page that
 * shows it. Next door: http, which serves both.
 */
@NullMarked
package dev.conch.http.openapi;

import org.jspecify.annotations.NullMarked;
