package dev.conch.chat.jinja;

/** Python's {@code None}. */
enum None implements Value {
    NONE;

    @Override
    public String type() {
        return "NoneType";
    }

    @Override
    public boolean truthy() {
        return false;
    }

    @Override
    public void print(TextBuilder out) {
        out.append("None");
    }
}
