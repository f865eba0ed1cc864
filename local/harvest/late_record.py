"""Records, or some fields of records, that take so long to make that this waits for a reader."""

from abc import ABC, abstractmethod
from collections.abc import Callable, ItemsView, Iterator, KeysView, Mapping, Sequence, ValuesView
from typing import Any


class LateRecord(dict[str, Any]):
    """A record that works out its late fields, all at once, when one of them is first read.

    Copying it (`{**record}`), comparing it and going through it work them out as well, so that
    every copy is a complete and plain record.
    """

    __slots__ = ("_work_out",)
    __hash__ = None

    def __init__(
        self, values: Mapping[str, Any], work_out: Callable[[], Mapping[str, Any]]
    ) -> None:
        super().__init__(values)
        self._work_out: Callable[[], Mapping[str, Any]] | None = work_out

    def _complete(self) -> None:
        if self._work_out is not None:
            work_out, self._work_out = self._work_out, None
            super().update(work_out())

    def __missing__(self, name: str) -> Any:
        if self._work_out is None:
            raise KeyError(name)
        self._complete()
        return self[name]

    def get(self, name: str, default: Any = None) -> Any:
        if not super().__contains__(name):
            self._complete()
        return super().get(name, default)

    def __contains__(self, name: object) -> bool:
        if not super().__contains__(name):
            self._complete()
        return super().__contains__(name)

    def __iter__(self) -> Iterator[str]:
        # That this is defined also makes Python copy through keys() rather than past it.
        self._complete()
        return super().__iter__()

    def __len__(self) -> int:
        self._complete()
        return super().__len__()

    def __eq__(self, other: object) -> bool:
        self._complete()
        return dict(self) == other

    def __ne__(self, other: object) -> bool:
        return not self == other

    def __repr__(self) -> str:
        self._complete()
        return super().__repr__()

    # dict's own signatures name its private view types; these are the same views, of a record
    # that is complete by then.
    def keys(self) -> KeysView[str]:  # type: ignore[override]
        self._complete()
        return super().keys()

    def values(self) -> ValuesView[Any]:  # type: ignore[override]
        self._complete()
        return super().values()

    def items(self) -> ItemsView[str, Any]:  # type: ignore[override]
        self._complete()
        return super().items()


class LateRecords(Sequence[dict[str, Any]], ABC):
    """The records of a resource, made as they are looked at; one is found without the others."""

    @abstractmethod
    def find(self, record_id: int) -> dict[str, Any] | None:
        """The record of this id; None where there is none."""
