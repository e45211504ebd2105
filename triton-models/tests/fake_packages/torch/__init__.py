"""The one function of torch that the engine uses."""


class Tensor:
    def __init__(self, array):
        self._array = array

    def numpy(self):
        return self._array


def from_numpy(array):
    return Tensor(array)
