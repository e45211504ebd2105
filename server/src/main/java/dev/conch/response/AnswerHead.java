package dev.conch.response;

/**
 * What every part of one answer says of the whole.
 *
 * @param id begins with {@code chatcmpl-}
 * @param created seconds since 1970
 * @param model as the request named it
 * @param promptTokens tokens of the prompt
 * @param choices how many answers were asked for
 */
public record AnswerHead(String id, long created, String model, int promptTokens, int choices) {}
