"""Layers and parameters kept by name or by place: `nn.ModuleDict`, `nn.ParameterDict`, `nn.ParameterList`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from nabla.tensor.torch.layers import Layer
from nabla.tensor.torch.tensor import Parameter


def _as_parameter(value: Any) -> Parameter:
    return value if isinstance(value, Parameter) else Parameter(value.vertex)


class ModuleDict(Layer):
    """`nn.ModuleDict`."""

    def __init__(self, modules: Mapping[str, Any] | None = None) -> None:
        super().__init__()
        for name, value in (modules or {}).items():
            self[name] = value

    def __getitem__(self, name: str) -> Any:
        return self.parts[name]

    def __setitem__(self, name: str, value: Any) -> None:
        self.set(name, value)

    def __len__(self) -> int:
        return len(self.parts)

    def __iter__(self) -> Iterator[str]:
        return iter(self.parts)

    def __contains__(self, name: str) -> bool:
        return name in self.parts


class ParameterDict(ModuleDict):
    """`nn.ParameterDict`."""

    def __init__(self, parameters: Mapping[str, Any] | None = None) -> None:
        super().__init__(parameters)

    def __setitem__(self, name: str, value: Any) -> None:
        super().__setitem__(name, _as_parameter(value))


class ParameterList(Layer):
    """`nn.ParameterList`."""

    def __init__(self, values: Any = ()) -> None:
        super().__init__()
        for i, value in enumerate(values):
            self.set(str(i), _as_parameter(value))

    def __getitem__(self, i: int) -> Any:
        return self.parts[str(i % len(self.parts))]

    def __len__(self) -> int:
        return len(self.parts)

    def __iter__(self) -> Iterator[Any]:
        return iter(self.parts.values())


class DataParallel(Layer):
    """`nn.DataParallel`: here the layer itself."""

    def __init__(self, module: Any, *_: Any, **__: Any) -> None:
        super().__init__()
        self.set("module", module)

    def forward(self, *args: Any, **named: Any) -> Any:
        """What the layer gives."""
        return self.parts["module"](*args, **named)


NN: dict[str, Any] = {kind.__name__: kind for kind in (ModuleDict, ParameterDict, ParameterList, DataParallel)}
