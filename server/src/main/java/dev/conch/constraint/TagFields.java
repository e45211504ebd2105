package dev.conch.constraint;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The fields of one object of a structural tag. */
record TagFields(Map<?, ?> fields, Place place) {

    /** A field that is not understood would be a promise that is not kept. */
    void only(String... known) {
        for (Object key : fields.keySet()) {
            String name = String.valueOf(key);
            if (!Set.of(known).contains(name)) {
                throw Refusal.grammar(
                        place.member(name), "the field '%s' is not supported here".formatted(Place.shown(name)));
            }
        }
    }

    String text(String name) {
        if (fields.get(name) instanceof String text) {
            return text;
        }
        throw Refusal.grammar(place.member(name), "expected a text");
    }

    String text(String name, String absent) {
        return fields.get(name) == null ? absent : text(name);
    }

    String textOrOnly(String name) {
        if (fields.get(name) instanceof List<?> list && list.size() == 1 && list.getFirst() instanceof String only) {
            return only;
        }
        return text(name);
    }

    boolean flag(String name) {
        Object value = fields.get(name);
        if (value == null || value instanceof Boolean) {
            return Boolean.TRUE.equals(value);
        }
        throw Refusal.grammar(place.member(name), "expected true or false");
    }

    void refuseFlag(String name) {
        if (flag(name)) {
            throw Refusal.grammar(place.member(name), "only false is supported");
        }
    }

    void refuseTexts(String name) {
        Object value = fields.get(name);
        if (value != null && !(value instanceof List<?> texts && texts.isEmpty())) {
            throw Refusal.grammar(place.member(name), "only an empty list is supported");
        }
    }

    /** Texts that are not empty, at least one. */
    List<String> texts(String name) {
        List<String> texts = new ArrayList<>();
        for (Object element : elements(name)) {
            if (!(element instanceof String text) || text.isEmpty()) {
                throw Refusal.grammar(place.member(name).element(texts.size()), "expected a text that is not empty");
            }
            texts.add(text);
        }
        return texts;
    }

    Map<?, ?> member(String name) {
        if (fields.get(name) instanceof Map<?, ?> object) {
            return object;
        }
        throw Refusal.grammar(place.member(name), "expected an object");
    }

    TagFields object(String name) {
        return new TagFields(member(name), place.member(name));
    }

    /** Objects, at least one. */
    List<TagFields> objects(String name) {
        List<TagFields> objects = new ArrayList<>();
        for (Object element : elements(name)) {
            Place at = place.member(name).element(objects.size());
            if (!(element instanceof Map<?, ?> object)) {
                throw Refusal.grammar(at, "expected an object");
            }
            objects.add(new TagFields(object, at));
        }
        return objects;
    }

    private List<?> elements(String name) {
        if (fields.get(name) instanceof List<?> list && !list.isEmpty()) {
            return list;
        }
        throw Refusal.grammar(place.member(name), "expected a list that is not empty");
    }
}
