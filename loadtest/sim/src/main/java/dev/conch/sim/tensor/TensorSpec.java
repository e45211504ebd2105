package dev.conch.sim.tensor;

import java.util.ArrayList;
import java.util.List;

/**
 * How a model declares one tensor.
 *
 * @param dims without the batch dimension; -1 is any size
 * @param scalar the backend sees a number per request ({@code reshape} to nothing); on the wire it stays [batch, 1]
 * @param optional a request may lack it; says nothing about outputs
 */
public record TensorSpec(String name, Datatype datatype, List<Long> dims, boolean scalar, boolean optional) {
    public TensorSpec {
        dims = List.copyOf(dims);
    }

    static TensorSpec required(String name, Datatype datatype) {
        return new TensorSpec(name, datatype, List.of(1L), true, false);
    }

    static TensorSpec scalar(String name, Datatype datatype) {
        return new TensorSpec(name, datatype, List.of(1L), true, true);
    }

    static TensorSpec array(String name, Datatype datatype, long... dims) {
        List<Long> sizes = new ArrayList<>();
        for (long dim : dims) {
            sizes.add(dim);
        }
        return new TensorSpec(name, datatype, sizes, false, true);
    }

    /** As ModelMetadata prints it and error texts quote it: the batch dimension is any size. */
    public List<Long> shape() {
        List<Long> shape = new ArrayList<>();
        shape.add(-1L);
        shape.addAll(dims);
        return shape;
    }

    /** Whether a tensor of this shape, batch dimension included, is one. */
    public boolean fits(List<Long> wireShape) {
        if (wireShape.size() != dims.size() + 1) {
            return false;
        }
        for (int i = 0; i < dims.size(); i++) {
            if (dims.get(i) != -1 && !dims.get(i).equals(wireShape.get(i + 1))) {
                return false;
            }
        }
        return true;
    }
}
