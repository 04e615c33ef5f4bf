# mistake: value-for-slope
# fails: bp1
import numpy as np

sigmoid_ = np.vectorize(lambda z: 1 / (1 + np.exp(-z)))


def output_error(nabla_a: np.ndarray, z: np.ndarray) -> np.ndarray:
    return nabla_a * sigmoid_(z)
