"""What programs find under `torch`, on a tensor and on a layer: allow-listed tables, and nothing beside them."""

from __future__ import annotations

import math
from collections.abc import Callable
from contextlib import nullcontext
from typing import Any

import numpy as np

from nabla.tensor.arrays import At
from nabla.tensor.memory import DATA, alias, in_order
from nabla.tensor.operations import elementwise as e
from nabla.tensor.operations import products, shapes
from nabla.tensor.operators import OPERATIONS
from nabla.tensor.promotion import long
from nabla.tensor.tape import STATE, Tensor, check_size, recording
from nabla.tensor.torch import (
    adjoints,
    attention,
    autograd,
    channels,
    containers,
    custom,
    data,
    distributions,
    draws,
    embeddings,
    functional,
    hooks,
    indexing,
    lazy,
    linalg,
    margins,
    modules,
    pointwise,
    resampling,
    schedules,
    transforms,
    windows,
)
from nabla.tensor.torch import functions as f
from nabla.tensor.torch import layers as layers
from nabla.tensor.torch import losses as losses
from nabla.tensor.torch import reductions as r
from nabla.tensor.torch import tensor as tensors
from nabla.tensor.torch.activations import FUNCTIONS as ACTIVATIONS
from nabla.tensor.torch.data import DATA as SETS
from nabla.tensor.torch.norms import FUNCTIONAL as NORM_FUNCTIONS
from nabla.tensor.torch.norms import NORMAL, NORMS, UTILS
from nabla.tensor.torch.optim import OPTIMIZERS, Optimizer
from nabla.tensor.torch.optim_rules import RULES
from nabla.tensor.torch.recurrent import RECURRENT
from nabla.tensor.torch.schedules import SCHEDULERS
from nabla.tensor.torch.tensor import DTYPES, DType, Size, float_tensor, leaf, parameter, sizes, tensor
from nabla.tensor.torch.transformer import TRANSFORMERS, square_subsequent_mask

Table = dict[str, Any]


def _made(fill: Callable[..., Any]) -> Callable[..., Any]:
    def make(
        *shape: Any,
        size: Any = None,
        dtype: DType | None = None,
        requires_grad: bool = False,
        device: Any = None,
        generator: Any = None,
    ) -> Any:
        wanted = sizes(shape if size is None else [size])
        filling = draws.WIDE.get(fill, fill) if dtype is not None and dtype.name == "float64" else fill
        array = filling(wanted) if generator is None else filling(wanted, generator.numbers)
        return leaf(array.astype(dtype.numpy) if dtype else array, requires_grad)

    return make


def _like(fill: Callable[[tuple[int, ...]], Any]) -> Callable[..., Any]:
    def make(x: Any, dtype: DType | None = None, requires_grad: bool = False, **_: Any) -> Any:
        return leaf(fill(x.shape).astype(dtype.numpy if dtype else x.dtype), requires_grad)

    return make


def _ones(shape: tuple[int, ...]) -> Any:
    return np.ones(shape, np.float32)


def _zeros(shape: tuple[int, ...]) -> Any:
    return np.zeros(shape, np.float32)


def _full(
    size: Any, fill_value: Any, *, dtype: DType | None = None, requires_grad: bool = False, device: Any = None
) -> Any:
    array = long(np.full(sizes([size]), fill_value))
    return leaf(
        array.astype(dtype.numpy if dtype else np.float32 if array.dtype.kind == "f" else array.dtype), requires_grad
    )


def _arange(*bounds: Any, dtype: DType | None = None, requires_grad: bool = False, device: Any = None) -> Any:
    low, high, step = (0, bounds[0], 1) if len(bounds) == 1 else (*bounds, 1)[:3]
    sizes([max(0, math.ceil((high - low) / step))])
    array = np.arange(low, high, step)
    return leaf(
        array.astype(dtype.numpy if dtype else np.float32 if array.dtype.kind == "f" else np.int64), requires_grad
    )


def _linspace(start: float, end: float, steps: int, *, dtype: DType | None = None, requires_grad: bool = False) -> Any:
    sizes([steps])
    return leaf(np.linspace(start, end, steps).astype(dtype.numpy if dtype else np.float32), requires_grad)


def _eye(n: int, m: int | None = None, *, dtype: DType | None = None, requires_grad: bool = False) -> Any:
    sizes([n, m or n])
    return leaf(np.eye(n, m, dtype=dtype.numpy if dtype else np.float32), requires_grad)


def _one_hot(x: Any, num_classes: int = -1) -> Any:
    n = int(x.array.max()) + 1 if num_classes < 0 else num_classes
    check_size((n, n))
    return leaf(np.eye(n, dtype=np.int64)[x.array])


def _from_numpy(array: Any) -> Any:
    if not isinstance(array, Tensor):
        return leaf(np.asarray(array))
    made = leaf(array.array)
    if array.memory is None:
        alias(array, made, DATA)  # it shows what is done to the tensor, and the tensor what is done to it
    return made


def _grad_mode(on: bool) -> Callable[..., Any]:
    return lambda *_: recording(on)


_UNARY = {
    name: OPERATIONS[op]
    for name, op in {
        **{n: n for n in (
            "exp exp2 expm1 log log2 log10 log1p sqrt rsqrt square reciprocal sign floor ceil trunc round sin cos "
            "tan asin acos "
            "atan sinh cosh tanh asinh acosh atanh deg2rad erf erfc sigmoid neg abs relu isnan isinf isfinite"
        ).split()},
        "negative": "neg", "absolute": "abs", "arcsin": "asin", "arccos": "acos", "arctan": "atan", "arctanh": "atanh",
        "sgn": "sign", "logical_not": "logical_not",
    }.items()
}  # fmt: skip
_BINARY = {
    **{n: OPERATIONS[n] for n in "mul pow remainder fmod maximum minimum atan2 hypot floor_divide lt le gt ge eq ne "
                                 "matmul".split()},
    "multiply": OPERATIONS["mul"], "true_divide": OPERATIONS["div"], "divide": f.div, "div": f.div, "add": f.add,
    "sub": f.sub,
    "subtract": f.sub, "mm": OPERATIONS["matmul"], "bmm": OPERATIONS["matmul"], "mv": OPERATIONS["matmul"],
    "dot": OPERATIONS["matmul"], "inner": OPERATIONS["matmul"], "logical_and": OPERATIONS["logical_and"],
    "logical_or": OPERATIONS["logical_or"], "less": OPERATIONS["lt"], "greater": OPERATIONS["gt"],
    "arctan2": OPERATIONS["atan2"],
}  # fmt: skip
_SHARED: Table = {
    **_UNARY, **_BINARY, **indexing.FUNCTIONS, **linalg.SHARED, **pointwise.FUNCTIONS,
    "sum": r.total, "mean": r.mean, "prod": r.prod, "var": r.var, "std": r.std, "amax": r.amax, "amin": r.amin,
    "max": r.maximum, "min": r.minimum, "argmax": r.argmax, "argmin": r.argmin, "norm": r.norm, "sort": r.sort,
    "topk": r.topk,
    "median": r.median, "cumsum": r.cumsum, "cumprod": f.cumprod, "logsumexp": r.logsumexp, "softmax": r.softmax,
    "log_softmax": r.log_softmax, "clamp": f.clamp, "clip": f.clamp, "reshape": f.reshape, "flatten": f.flatten,
    "squeeze": f.squeeze, "unsqueeze": f.unsqueeze, "transpose": f.transpose, "swapaxes": f.transpose,
    "permute": f.permute,
    "split": f.split, "chunk": f.chunk, "unbind": lambda x, dim=0: tuple(f.unbind(x, dim)),
    "index_select": f.index_select, "masked_fill": f.masked_fill, "diag": f.diag, "trace": f.trace, "flip": f.flip,
    "roll": f.roll,
    "tril": lambda x, diagonal=0: shapes.tril(x, k=diagonal), "triu": lambda x, diagonal=0: shapes.triu(x, k=diagonal),
    "diagonal": lambda x: shapes.diagonal(x), "outer": products.outer, "ger": products.outer, "det": products.det,
    "inverse": products.inverse, "logdet": products.logdet, "clone": lambda x: OPERATIONS["clone"](x),
    "detach": autograd.detached,
    "numel": lambda x: int(x.array.size), "argsort": lambda x, dim=-1, descending=False: r.sort(x, dim, descending)[1],
    "all": lambda x, dim=None: leaf(np.asarray(x.array.all(axis=dim))), "any": lambda x,
    dim=None: leaf(np.asarray(x.array.any(axis=dim))),
    "allclose": lambda a, b, rtol=1e-5, atol=1e-8: bool(np.allclose(a.array, b.array, rtol, atol)),
    "equal": lambda a, b: a.shape == b.shape and bool((a.array == b.array).all()), "t": f.matrix_transpose,
    "nan_to_num": lambda x, nan=0.0: e.where(OPERATIONS["isnan"](x), nan, x), "is_tensor": lambda x: isinstance(x,
    Tensor),
    "addmm": f.addmm, "index_add": functional.index_add,
}  # fmt: skip


def _of_tensor(name: str, operation: Callable[..., Any]) -> Callable[..., Any]:
    """A function of `torch` of one tensor, which takes nothing else."""

    def call(x: Any, *rest: Any, **named: Any) -> Any:
        if not isinstance(x, Tensor):
            kind = type(x).__name__
            raise TypeError(f"{name}(): argument 'input' (position 1) must be Tensor, not {kind}")
        return operation(x, *rest, **named)

    return call


FUNCTIONAL: Table = {
    **ACTIVATIONS, **attention.FUNCTIONAL, **embeddings.FUNCTIONAL, **channels.FUNCTIONAL, **resampling.FUNCTIONAL,
    **NORM_FUNCTIONS,
    **{name: getattr(losses, name) for name in (
        "mse_loss", "l1_loss", "smooth_l1_loss", "huber_loss", "binary_cross_entropy",
        "binary_cross_entropy_with_logits",
        "soft_margin_loss", "kl_div", "nll_loss", "cross_entropy", "hinge_embedding_loss", "gaussian_nll_loss",
        "cosine_similarity", "normalize",
    )},
    **{name: getattr(layers, name) for name in ("linear", "layer_norm", "bilinear", "dropout")},
    "pdist": indexing.pdist, **windows.FUNCTIONS, **margins.LOSSES, "one_hot": _one_hot,
}  # fmt: skip
_NN: Table = {
    **layers.LAYERS, **attention.NN, **containers.NN, **embeddings.NN,
    **channels.NN, **resampling.NN, **TRANSFORMERS, **lazy.NN, **NORMAL,
    **windows.LAYERS, **RECURRENT, **NORMS, "Module": layers.Layer, "functional": FUNCTIONAL,
    "init": modules.INIT,
    "utils": UTILS, "parameter": {"Parameter": parameter},
}  # fmt: skip
_AUTOGRAD: Table = {
    "grad": adjoints.grad,
    "backward": transforms.backward,
    "functional": {"jacobian": functional.jacobian, "hessian": functional.hessian, **transforms.FUNCTIONAL},
    "Variable": lambda x, requires_grad=False: autograd.require(autograd.detached(x), requires_grad),
    "Function": custom.Function, "gradcheck": custom.gradcheck,
    "set_detect_anomaly": lambda *_: nullcontext(), "enable_grad": _grad_mode(True), "no_grad": _grad_mode(False),
    "set_grad_enabled": transforms.GradMode,
}  # fmt: skip
_CHECKPOINT: Table = {"checkpoint": transforms.checkpoint}
_OF_LAYERS: Table = {name: FUNCTIONAL[name] for name in pointwise.OF_LAYERS}
TORCH: Table = {
    **_SHARED, **{name: _of_tensor(name, operation) for name, operation in _UNARY.items()},
    **indexing.OF_TORCH, **pointwise.ONES, **_OF_LAYERS, "Generator": draws.Seeded, **tensors.FUNCTIONS,
    "logspace": lambda start, end, steps, base=10.0: leaf((base ** np.linspace(start, end, steps)).astype(np.float32)),
    "empty_like": lambda x, **_: leaf(np.zeros(x.shape, x.dtype)),
    **DTYPES, "float": DTYPES["float32"], "double": DTYPES["float64"], "long": DTYPES["int64"], "int": DTYPES["int32"],
    "half": DTYPES["float16"], "bool": DTYPES["bool"],
    "tensor": tensor, "as_tensor": tensor, "Tensor": float_tensor,
    "FloatTensor": float_tensor,
    "DoubleTensor": lambda data: leaf(tensor(data).array.astype(np.float64)),
    "LongTensor": lambda data: leaf(tensor(data).array.astype(np.int64)), "from_numpy": _from_numpy, "Size": Size,
    "ones": _made(_ones), "zeros": _made(_zeros), "empty": _made(_zeros), "rand": _made(draws.rand),
    "randn": _made(draws.randn), "randn_like": _like(draws.randn),
    "ones_like": _like(_ones), "zeros_like": _like(_zeros), "rand_like": _like(draws.rand),
    "full": _full, "full_like": lambda x, value: f.filled(x, value), "arange": _arange, "linspace": _linspace,
    "eye": _eye,
    "randint": draws.randint, "randperm": lambda n: leaf(layers.GENERATOR.permutation(n)), "normal": draws.normal,
    "bernoulli": draws.bernoulli, "multinomial": draws.multinomial,
    "manual_seed": draws.seeded,
    "where": f.where, "cat": f.cat, "concat": f.cat, "concatenate": f.cat, "stack": f.stack, "einsum": f.einsum,
    "vstack": lambda ts: f.cat([t if t.ndim > 1 else f.unsqueeze(t, 0) for t in ts], 0),
    "hstack": lambda ts: f.cat(ts, 1 if ts[0].ndim > 1 else 0),
    "scalar_tensor": tensor, "no_grad": _grad_mode(False), "enable_grad": _grad_mode(True),
    "inference_mode": _grad_mode(False),
    "set_grad_enabled": transforms.GradMode, "is_grad_enabled": lambda: STATE.recording,
    "autograd": _AUTOGRAD, "nn": _NN, "optim": {**OPTIMIZERS, **RULES, "Optimizer": Optimizer,
    "lr_scheduler": SCHEDULERS},
    "distributions": distributions.TABLE, "utils": {"data": SETS, "checkpoint": _CHECKPOINT},
    "linalg": linalg.LINALG,
    "func": {"grad": functional.torch_grad, "jacrev": functional.torch_jacobian, "hessian": functional.torch_hessian,
             "vmap": functional.vmap, **transforms.FUNC},
    "vmap": functional.vmap,
    "set_default_dtype": functional.default_dtype, "set_printoptions": lambda **_: None, "pi": math.pi, "e": math.e,
    "inf": math.inf, "nan": math.nan, "device": lambda name="cpu": name, "dtype": DType,
    "cuda": {"is_available": lambda: False}, "broadcast_tensors": lambda *ts: tuple(
        f.expand(t, np.broadcast_shapes(*(u.shape for u in ts))) for t in ts),
    "mse_loss": losses.mse_loss, "__version__": "2.13.0",
}  # fmt: skip
MODULES: Table = {
    "torch": TORCH, "torch.distributions": distributions.TABLE,
    **{f"torch.distributions.{name}": part for name, part in distributions.TABLE.items() if isinstance(part, dict)},
    "torch.nn": _NN, "torch.nn.functional": FUNCTIONAL, "torch.optim": TORCH["optim"],
    "torch.autograd": _AUTOGRAD,
    "torch.utils": TORCH["utils"], "torch.utils.data": SETS, "torch.utils.checkpoint": _CHECKPOINT,
    "torch.optim.lr_scheduler": SCHEDULERS,
    "torch.autograd.functional": _AUTOGRAD["functional"], "torch.func": TORCH["func"], "torch.linalg": TORCH["linalg"],
    "torch.nn.parameter": _NN["parameter"], "torch.nn.init": _NN["init"],
    "torch.autograd.variable": {"Variable": _AUTOGRAD["Variable"]},
    "torch.autograd.function": {"Function": custom.Function, "once_differentiable": custom.once_differentiable},
}  # fmt: skip

# Tensors: what is read, what is called, what can be set --------------------------------------------------------------


def _grad_fn(x: Any) -> Any:
    return GradFn(autograd.step_of(x.vertex)) if x.vertex.needs and x.vertex.op is not None else None


class GradFn:
    """A `grad_fn`, of which only the name is shown."""

    def __init__(self, name: str) -> None:
        self.name = name

    def __repr__(self) -> str:
        return f"<{self.name}>"


PROPERTIES: dict[str, Callable[[Any], Any]] = {
    "grad": functional.grad_of, "requires_grad": lambda x: x.requires_grad, "is_leaf": lambda x: x.is_leaf,
    "grad_fn": _grad_fn,
    "shape": lambda x: Size(x.shape), "dtype": lambda x: DTYPES[x.dtype.name], "ndim": lambda x: x.ndim,
    "T": f.reversed_dims,
    "mT": f.swap_last, "data": autograd.data_of, "device": lambda x: "cpu", "retains_grad": lambda x: x.retains,
    "is_cuda": lambda x: False, "_version": lambda x: x.version,
}  # fmt: skip
METHODS: Table = {
    **tensors.METHODS, **pointwise.METHODS,
    "stride": lambda x: tuple(s // x.array.itemsize for s in np.zeros(x.shape, x.dtype).strides),
    **{name: value for name, value in _SHARED.items() if name != "is_tensor"},
    "view": f.view, "view_as": lambda x, y: f.view(x, y.shape), "reshape_as": lambda x, y: f.reshape(x, y.shape),
    "expand": f.expand, "expand_as": lambda x, y: f.expand(x, y.shape), "repeat": f.repeat, "to": f.converted,
    "type": f.converted,
    "contiguous": lambda x: x, "is_contiguous": in_order,
    "cpu": lambda x: x, "cuda": f.moved,
    "float": lambda x: f.converted(x, DTYPES["float32"]), "double": lambda x: f.converted(x, DTYPES["float64"]),
    "long": lambda x: f.converted(x, DTYPES["int64"]), "int": lambda x: f.converted(x, DTYPES["int32"]),
    "bool": lambda x: f.converted(x, DTYPES["bool"]),
    "backward": autograd.backward, "retain_grad": functional.retain_grad, "requires_grad_": autograd.require,
    "item": lambda x: x.item(), "tolist": lambda x: x.array.tolist(), "numpy": functional.to_numpy,
    "size": lambda x, dim=None: Size(x.shape) if dim is None else x.shape[dim], "dim": lambda x: x.ndim,
    "nelement": lambda x: int(x.array.size), "register_hook": hooks.register_hook, "where": lambda x, c,
    y: e.where(c, x, y),
    "fill_": lambda x, value: autograd.change(x, f.filled(x, value)), "zero_": lambda x: autograd.change(x, f.filled(x,
    0)),
    "copy_": lambda x, y: autograd.change(x, f.expand(y, x.shape) if y.shape != x.shape else OPERATIONS["clone"](y)),
    "detach_": functional.detach_in_place, "is_floating_point": lambda x: x.dtype.kind == "f", "new_tensor": lambda x,
    data: tensor(data),
    "masked_select": lambda x, mask: x[mask], "element_size": lambda x: x.dtype.itemsize,
    "exponential_": draws.exponential, "bernoulli_": lambda x, p=0.5: autograd.change(x, draws.bernoulli(x, p)),
    "uniform_": lambda x, low=0.0, high=1.0: autograd.change(x, leaf(layers.GENERATOR.uniform(x.shape, low, high))),
    "normal_": lambda x, mean=0.0, std=1.0: autograd.change(x, leaf(layers.GENERATOR.normal(x.shape, mean, std))),
    **{f"{name}_": f.in_place(_SHARED[name]) for name in pointwise.IN_PLACE if name in _SHARED},
}  # fmt: skip


def attribute(value: Any, name: str) -> Any:
    """The attribute of a tensor; KeyError when it has none here."""
    if name in PROPERTIES:
        return PROPERTIES[name](value)
    method = METHODS[name]
    return lambda *args, **named: method(value, *args, **named)


def set_attribute(value: Any, name: str, new: Any) -> None:
    """`tensor.grad = ...`, `tensor.data = ...`, `tensor.requires_grad = ...`; KeyError for anything else."""
    if name == "grad":
        value.grad = new
        value.history = [] if new is None else value.history
    elif name == "requires_grad":
        autograd.set_requires_grad(value, bool(new))
    elif name == "data":
        with recording(False):
            functional.replace_data(value, new)
    else:
        raise KeyError(name)


LAYER_PROPERTIES: dict[str, Callable[[Any], Any]] = {
    "training": lambda layer: layer.training, "in_features": lambda layer: layer.sizes[0],
    "out_features": lambda layer: layer.sizes[1], "running_mean": lambda layer: layer.running_mean,
    "running_var": lambda layer: layer.running_var,
}  # fmt: skip
LAYER_METHODS: Table = {
    **modules.METHODS, "zero_grad": functional.zero_grad,
    "forward": lambda layer, *args: layer(*args), "to": lambda layer, *_: layer,
    "train": lambda layer, on=True: functional.train(layer, on), "eval": lambda layer: functional.train(layer, False),
    "double": modules.double, "cuda": lambda layer: layer,
    "register_forward_hook": hooks.registering("after"), "register_forward_pre_hook": hooks.registering("before"),
    "register_full_backward_hook": hooks.registering("backward"), "append": functional.append_layer,
    "flatten_parameters": lambda layer: None,
    "generate_square_subsequent_mask": lambda layer, sz: square_subsequent_mask(sz),
    "register_parameter": lambda layer, name, p: layer.set(name, p),
}  # fmt: skip
OPTIMIZER_METHODS: Table = {
    "step": lambda o, closure=None: o.step(closure),
    "add_param_group": lambda o, group: o.add_param_group(group),
    "zero_grad": lambda o, set_to_none=True: o.zero_grad(set_to_none),
}
# Attributes of what else the functions give.
OTHERS: dict[type, dict[str, Callable[[Any], Any]]] = {
    r.Pair: {"values": lambda pair: pair.values, "indices": lambda pair: pair.indices},
    GradFn: {"name": lambda step: lambda: step.name},
    **data.READ,
    **schedules.READ,
    **tensors.READ,
    **draws.READ,
    **linalg.READ,
    **distributions.READ,
    hooks.RemovableHandle: {"remove": lambda handle: handle.remove},
    Size: {"numel": lambda size: size.numel},
    At: {
        "get": lambda at: at.get,
        "set": lambda at: at.set,
        "add": lambda at: at.add,
        "multiply": lambda at: at.multiply,
        "mul": lambda at: at.multiply,
    },
}
