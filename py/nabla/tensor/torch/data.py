"""`torch.utils.data`: data sets, and loaders that give them in batches in PyTorch's order."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any

import numpy as np

from nabla.tensor.tape import STATE, Tensor
from nabla.tensor.torch import functions as f
from nabla.tensor.torch.layers import GENERATOR
from nabla.tensor.torch.random import Generator
from nabla.tensor.torch.tensor import leaf, tensor


class Dataset:
    """The base of a program's own data sets."""

    def __getitem__(self, i: Any) -> Any:
        raise NotImplementedError("Subclasses of Dataset should implement __getitem__.")


class TensorDataset(Dataset):
    """Tensors of as many rows, row by row."""

    def __init__(self, *tensors: Any) -> None:
        if any(t.shape[0] != tensors[0].shape[0] for t in tensors):
            raise AssertionError("Size mismatch between tensors")
        self.tensors = tensors

    def __getitem__(self, i: Any) -> Any:
        return tuple(t[i] for t in self.tensors)

    def __len__(self) -> int:
        return int(self.tensors[0].shape[0])


class Subset(Dataset):
    """Some places of a data set."""

    def __init__(self, dataset: Any, indices: Sequence[int]) -> None:
        self.dataset, self.indices = dataset, list(indices)

    def __getitem__(self, i: int) -> Any:
        return self.dataset[self.indices[i]]

    def __len__(self) -> int:
        return len(self.indices)


def random_split(dataset: Any, lengths: Sequence[Any], generator: Any = None) -> list[Subset]:
    """`random_split`."""
    counts = list(lengths)
    if sum(counts) != len(dataset):
        raise ValueError("Sum of input lengths does not equal the length of the input dataset!")
    order = GENERATOR.permutation(len(dataset)).tolist()
    ends = np.cumsum([0, *counts]).tolist()
    return [Subset(dataset, order[a : a + n]) for a, n in zip(ends, counts, strict=False)]


def collate(items: Sequence[Any]) -> Any:
    """The items of a batch in one: tensors stacked, numbers as tensors, tuples and dicts part by part."""
    first = items[0]
    if isinstance(first, Tensor):
        return f.stack(list(items), 0)
    if isinstance(first, np.ndarray):
        return leaf(np.stack(items))
    if isinstance(first, float):
        return leaf(np.array(items, np.float64))
    if isinstance(first, (int, np.integer)):
        return tensor([int(item) for item in items])
    if isinstance(first, dict):
        return {key: collate([item[key] for item in items]) for key in first}
    if isinstance(first, (list, tuple)):
        return [collate(column) for column in zip(*items, strict=True)]
    return list(items)


class DataLoader:
    """Batches of a data set."""

    def __init__(
        self, dataset: Any, batch_size: int | None = 1, shuffle: bool = False, drop_last: bool = False,
        collate_fn: Callable[..., Any] | None = None, num_workers: int = 0, pin_memory: bool = False,
    ) -> None:  # fmt: skip
        self.dataset, self.batch_size, self.shuffle, self.drop_last = dataset, batch_size, shuffle, drop_last
        self.collate = collate_fn or collate

    def __iter__(self) -> Iterator[Any]:
        STATE.note("loader", self.shuffle, once=True)
        GENERATOR.seed_drawn()  # PyTorch draws one for its workers, whether there are any or not
        return self._batches()

    def _batches(self) -> Iterator[Any]:
        order = range(len(self.dataset))
        if self.shuffle:
            own = Generator()
            own.seed(GENERATOR.seed_drawn())
            order = own.permutation(len(self.dataset)).tolist()
        if self.batch_size is None:
            yield from (self.dataset[i] for i in order)
            return
        for start in range(0, len(order), self.batch_size):
            places = order[start : start + self.batch_size]
            if self.drop_last and len(places) < self.batch_size:
                return
            yield self.collate([self.dataset[i] for i in places])

    def __len__(self) -> int:
        n, size = len(self.dataset), self.batch_size or 1
        return n // size if self.drop_last else -(-n // size)


DATA: dict[str, Any] = {
    "Dataset": Dataset, "TensorDataset": TensorDataset, "DataLoader": DataLoader, "Subset": Subset,
    "random_split": random_split, "default_collate": collate,
}  # fmt: skip
READ: dict[type, dict[str, Callable[[Any], Any]]] = {
    TensorDataset: {"tensors": lambda d: d.tensors}, Subset: {"dataset": lambda d: d.dataset, "indices": lambda d:
    d.indices}, DataLoader: {"dataset": lambda d: d.dataset, "batch_size": lambda d: d.batch_size},
}  # fmt: skip
