"""`torch`, `jax`, `autograd`, and `numpy` as they compute on the tape: names from the tables of `nabla.tensor`."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

from nabla.program.errors import Gap
from nabla.program.modules import files
from nabla.program.modules import numpy as real_numpy
from nabla.program.objects import Kind, Supply
from nabla.tensor.arrays import At, JaxArray, Plain, Scalar, dialects, optax, transforms
from nabla.tensor.arrays import names as arrays
from nabla.tensor.keras import names as keras
from nabla.tensor.keras.layers import KerasLayer
from nabla.tensor.keras.models import History, KerasSequential
from nabla.tensor.tape import Tensor
from nabla.tensor.torch import custom
from nabla.tensor.torch import names as torch
from nabla.tensor.torch.data import Dataset
from nabla.tensor.torch.layers import Layer
from nabla.tensor.torch.optim import Optimizer
from nabla.tensor.torch.tensor import Parameter, Size, TorchTensor
from nabla.tensor.torch.transformer import Transformer

Table = dict[str, Any]
# What `nn.Module` has in PyTorch beside what is here: not covered. Any other name is the program's own mistake.
_MODULE = frozenset(
    "T_destination add_module apply bfloat16 buffers call_super_init compile cpu dump_patches extra_repr float "
    "get_buffer get_extra_state get_parameter get_submodule half ipu load_state_dict modules mtia named_buffers "
    "named_children named_modules register_backward_hook register_buffer register_forward_hook "
    "register_forward_pre_hook register_full_backward_hook register_full_backward_pre_hook "
    "register_load_state_dict_post_hook register_load_state_dict_pre_hook register_module "
    "register_state_dict_post_hook register_state_dict_pre_hook requires_grad_ set_extra_state set_submodule "
    "share_memory to_empty type xpu".split()
)
# Functions of NumPy whose results do not change with small changes of their arguments, or are texts.
_STEPS = (
    "allclose argpartition argwhere array2string array_equal array_equiv array_repr array_str bincount count_nonzero "
    "digitize flatnonzero histogram in1d isclose isin isscalar lexsort nonzero searchsorted unique result_type "
    "issubdtype broadcast_shapes ndim shape size unravel_index ravel_multi_index"
).split()


# Functions of functions that people use without their import, and where a dialect has them.
FORGOTTEN = ("grad", "elementwise_grad", "value_and_grad", "jacobian", "hessian")
_HOMES = {"torch": "torch.autograd", "jax": "jax", "autograd": "autograd"}


# Stand-ins as Python's errors tell them, and whether the original's errors are the same where they meet other types.
_STAND_INS = {"Tensor": True, "Parameter": True, "jaxlib._jax.ArrayImpl": True, "ArrayBox": True, "Plain": False,
              "Scalar": False}  # fmt: skip


def supply(dialect: str) -> Supply:
    """The modules of a program in this dialect: "torch", "jax", "autograd", "keras" or "numpy"."""
    tables = {**torch.MODULES, **dialects.modules(dialect), **(keras.MODULES if dialect == "keras" else {})}
    kinds = _kinds()
    tables["torch"] = _with_types(tables["torch"], kinds)
    tables["numpy"] = _with_real(tables["numpy"])
    return Supply(
        modules={name: _made(table) for name, table in tables.items()},
        readers={
            Plain: _reader(arrays.attribute, [*arrays.METHODS, *arrays.PROPERTIES]),
            Tensor: _reader(torch.attribute, [*torch.METHODS, *torch.PROPERTIES]),
            Layer: _reader(_of_layer, [*torch.LAYER_METHODS, *torch.LAYER_PROPERTIES]),
            **{
                kind: _reader(keras.attribute, [*keras.PROPERTIES, *keras.MODEL])
                for kind in (KerasLayer, KerasSequential)
            },
            History: _reader(_of_other(keras.HISTORY), [*keras.HISTORY]),
            Optimizer: _reader(_of_optimizer, ["param_groups", *torch.OPTIMIZER_METHODS]),
            custom.Context: _reader(custom.Context.read, [*custom.NAMES]),
            RandomGenerator: _reader(RandomGenerator.read, sorted(RandomGenerator.names)),
            **{
                kind: _reader(_of_other(table), [*table])
                for kind, table in (torch.OTHERS | transforms.READ | optax.READ).items()
                if kind is not Size
            },
        },
        types={
            Size: frozenset({"numel", "index", "count"}),
            custom.Function: frozenset({"apply"}),
            Transformer: frozenset({"generate_square_subsequent_mask"}),
        },
        writers={
            Tensor: torch.set_attribute,
            Layer: setattr,
            Optimizer: _set_of_optimizer,
            custom.Context: custom.Context.set,
        },
        bases={
            Layer,
            custom.Function,
            Dataset,
            *(kind for kind in torch.MODULES["torch.nn"].values() if _is_layer(kind)),
        },
        kinds=dict(kinds),
        plain={Scalar: lambda value: value.array.item()},
        usual={name: f"{_HOMES[dialect]}:{name}" for name in FORGOTTEN if dialect in _HOMES},
        passes=set() if dialect == "torch" else {"numpy"},
        stand_ins=dict(_STAND_INS),
    )


def _is_layer(kind: Any) -> bool:
    return isinstance(kind, type) and issubclass(kind, Layer)


def _made(table: Table) -> Callable[[], Table]:
    return lambda: table


def _reader(read: Callable[[Any, str], Any], names: list[str]) -> Callable[[Any, str], Any]:
    def reader(value: Any, name: str) -> Any:
        return read(value, name)

    vars(reader)["names"] = names
    return reader


def _of_layer(layer: Layer, name: str) -> Any:
    if "parts" not in vars(layer):
        raise AttributeError(f"'{type(layer).__name__}' object has no attribute '{name}'")
    if name in layer.parts:
        return layer.parts[name]
    if name in torch.LAYER_PROPERTIES:
        return torch.LAYER_PROPERTIES[name](layer)
    if name in torch.LAYER_METHODS:
        method = torch.LAYER_METHODS[name]
        return lambda *args, **named: method(layer, *args, **named)
    if name in _MODULE or type(layer).__module__ != "__main__":
        raise KeyError(name)
    raise AttributeError(f"'{type(layer).__name__}' object has no attribute '{name}'")


def _of_optimizer(optimizer: Any, name: str) -> Any:
    if name == "param_groups":
        return optimizer.param_groups
    method = torch.OPTIMIZER_METHODS[name]
    return lambda *args, **named: method(optimizer, *args, **named)


def _of_other(table: Mapping[str, Callable[[Any], Any]]) -> Callable[[Any, str], Any]:
    return lambda value, name: table[name](value)


def _set_of_optimizer(optimizer: Any, name: str, new: Any) -> None:
    raise KeyError(name)


def _kinds() -> dict[type, Kind]:
    """Types as programs name them."""
    made = Kind("torch.Tensor", (TorchTensor, Parameter), torch.TORCH["Tensor"], torch.METHODS)
    return {
        TorchTensor: made,
        Parameter: Kind("torch.nn.parameter.Parameter", (Parameter,), torch.MODULES["torch.nn.parameter"]["Parameter"]),
        Plain: Kind("numpy.ndarray", (Plain,)), JaxArray: Kind("jaxlib.xla_extension.ArrayImpl", (JaxArray,)),
        Size: Kind("torch.Size", (Size,), Size), At: Kind("at", (At,)),
    }  # fmt: skip


def _with_types(table: Table, kinds: dict[type, Kind]) -> Table:
    parameter = {"Parameter": kinds[Parameter]}
    nn = {**table["nn"], **parameter, "parameter": parameter}
    return {**table, "Tensor": kinds[TorchTensor], "Size": kinds[Size], "nn": nn}


def _with_real(table: Table) -> Table:
    """The table of NumPy on the tape, and NumPy's own functions where nothing is differentiated."""
    whole = dict(table)
    for name in real_numpy.NAMES:
        value = getattr(np, name, None)
        if name not in whole and value is not None:
            whole[name] = _untaped(name, value) if callable(value) and not isinstance(value, type) else value
    whole |= {name: _untaped(name, function) for name, function in files.of_numpy().items()}
    whole["ndarray"] = Kind("numpy.ndarray", (Plain, np.ndarray))
    linalg = {name: _untaped(f"linalg.{name}", getattr(np.linalg, name)) for name in real_numpy.LINALG[1:]}
    whole["linalg"] = {**linalg, **table["linalg"], "LinAlgError": np.linalg.LinAlgError}
    whole["fft"] = {name: _untaped(f"fft.{name}", getattr(np.fft, name)) for name in real_numpy.FFT}
    whole["random"] = {
        **table["random"],
        "default_rng": lambda seed=0: RandomGenerator(np.random.default_rng(0 if seed is None else seed)),
        "RandomState": lambda seed=0: RandomGenerator(np.random.RandomState(0 if seed is None else seed)),
    }
    return whole


class RandomGenerator:
    """A generator of random numbers, whose arrays are on the tape."""

    names = real_numpy.GENERATOR | frozenset(real_numpy.RANDOM)

    def __init__(self, source: Any) -> None:
        self.source = source

    def read(self, name: str) -> Any:
        """A method; KeyError when there is none."""
        if name not in self.names or not hasattr(self.source, name):
            raise KeyError(name)
        return _untaped(f"random.{name}", getattr(self.source, name))


def _untaped(name: str, function: Any) -> Callable[..., Any]:
    """A function of NumPy on plain numbers; on what is differentiated it is a gap, unless its result moves in steps."""

    def plain(value: Any) -> Any:
        if isinstance(value, Scalar):
            return value.array.item()
        if isinstance(value, Tensor):
            if value.requires_grad and name not in _STEPS:
                raise Gap(f"the derivative of `np.{name}`")
            return value.array
        if isinstance(value, (list, tuple)):
            return type(value)(plain(item) for item in value) if type(value) in (list, tuple) else value
        return value

    def wrapped(result: Any) -> Any:
        if isinstance(result, (np.ndarray, np.generic)):
            return Plain.of(np.asarray(result))
        return tuple(wrapped(item) for item in result) if type(result) is tuple else result

    def call(*args: Any, **named: Any) -> Any:
        return wrapped(function(*map(plain, args), **{key: plain(value) for key, value in named.items()}))

    return call
