"""What can be pasted instead of a library's function that programs are not given here."""

from __future__ import annotations

_REAL = (
    "Write the real and the imaginary part as two tensors that are followed: the derivatives by both, a + bj, are what "
    "PyTorch's .grad of a complex leaf holds, and JAX's is its conjugate."
)
# The longest name that begins what is missing counts.
_INSTEAD = {
    "pandas": "Tables are not given to programs: write the columns as arrays, x = np.array([...]), or read the file "
    "with np.loadtxt or np.genfromtxt, and give it here.",
    "sklearn": "scikit-learn is not run here. What NumPy, SciPy, PyTorch, JAX or Keras do is.",
    "sklearn.datasets": "Write some of its rows as arrays, X = np.array([...]), or draw them with np.random.",
    "sklearn.linear_model.LinearRegression": "np.linalg.lstsq(X, y) with a column of ones in X gives the same fit.",
    "sklearn.linear_model.Ridge": "np.linalg.solve(X.T @ X + alpha*np.eye(n), X.T @ y), of centred columns, is the "
    "same fit.",
    "sklearn.linear_model.SGD": "Its steps in NumPy are run and judged here: for each row w -= eta*((x @ w - y)*x + "
    "alpha*w), with eta = eta0/t**power_t and columns of one size.",
    "sklearn.linear_model.LogisticRegression": "scipy.optimize.minimize of sum(log(1 + exp(-y*(X @ w)))) + w @ w/(2*C) "
    "is the same fit, and so are steps in NumPy; both are run here.",
    "sklearn.linear_model.Perceptron": "Its rule in NumPy is run and judged here: where y*(x @ w) <= 0, w += y*x.",
    "sklearn.neural_network": "The same network written in NumPy, PyTorch or Keras is run and judged here.",
    "sklearn.cluster.KMeans": "Its rounds in NumPy are run here: the nearest centre of each row, then means.",
    "sklearn.preprocessing.StandardScaler": "X = (X - X.mean(axis=0)) / X.std(axis=0) does the same.",
    "sklearn.model_selection": "Take rows by an index, X[:80] and X[80:], or by np.random.permutation(len(X)).",
    "complex tensors": _REAL,
    "complex numbers that are followed": _REAL,
    "derivatives by complex numbers": _REAL,
    "torch.complex": _REAL,
    "torch.view_as_complex": _REAL,
    "torch.polar": _REAL,
    "torch.fft": "The transform by its sums of cosines and sines, two real matrices, is run and differentiated here.",
    "tensorflow": "Keras models are run here, TensorFlow's own functions and its GradientTape are not: the same in "
    "PyTorch is, x = torch.tensor(3.0, requires_grad=True), y = ..., y.backward(), x.grad.",
    "sklearn.metrics": "np.mean((y - p)**2) or np.mean(y == p) gives the usual ones.",
}


def instead_of(what: str) -> str:
    """What to paste instead of a missing name, as `pandas.read_csv`; empty where nothing is known."""
    name = what.strip("`")
    found = [known for known in _INSTEAD if name.startswith(known)]
    return _INSTEAD[max(found, key=len)] if found else ""
