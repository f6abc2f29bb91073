"""Files that are not text: what NumPy and SciPy wrote is read as they read it, and broken files end in a sentence."""

import base64
import io
import random
import struct

import numpy as np
import pytest
from scipy.io import loadmat, netcdf_file, savemat, wavfile

from nabla.errors import UserError
from nabla.read.data import read_data
from nabla.read.data.binary import carried, read_binary, together
from nabla.read.data.grid import is_field, read_grid

T = np.arange(40) * 0.25
Y = np.sin(T) + 2
TYPES = ["f8", "f4", "i1", "u1", "i2", "u2", "i4", "u4", "i8", ">f8", ">i2"]


def npy(array: np.ndarray) -> bytes:
    file = io.BytesIO()
    np.save(file, array)
    return file.getvalue()


def npz(**arrays: np.ndarray) -> bytes:
    file = io.BytesIO()
    np.savez_compressed(file, **arrays)
    return file.getvalue()


def mat(packed: bool, **values: object) -> bytes:
    file = io.BytesIO()
    savemat(file, values, do_compression=packed)
    return file.getvalue()


def wav(samples: np.ndarray, rate: int = 8000) -> bytes:
    file = io.BytesIO()
    wavfile.write(file, rate, samples)
    return file.getvalue()


def netcdf(version: int = 1, records: bool = False) -> bytes:
    """Winds on latitudes and longitudes of one length, packed in whole numbers, with a gap; one time, or a record."""
    file = io.BytesIO()
    made = netcdf_file(file, "w", version=version)
    made.title = "made up"
    made.createDimension("time", None if records else 1)
    for name, first, unit in (("lat", 40, "degrees_north"), ("lon", -10, "degrees_east")):
        made.createDimension(name, 6)
        axis = made.createVariable(name, "f4", (name,))
        axis[:] = first + np.arange(6)
        axis.units = unit
    clock = made.createVariable("time", "f8", ("time",))
    clock[:] = [3.5]
    clock.units = "days since 1950-01-01"
    for name, sign in (("u", 1), ("v", -1)):
        wind = made.createVariable(name, "i2", ("time", "lat", "lon"))
        wind.scale_factor, wind.add_offset, wind._FillValue = 0.5, 10.0, np.int16(-999)
        packed = sign * np.arange(36).reshape(1, 6, 6)
        packed[0, 2, 3] = -999
        wind[:] = packed
    made.flush()
    return file.getvalue()


@pytest.mark.parametrize("kind", TYPES)
def test_arrays_come_back_as_they_were_written(kind: str) -> None:
    draw = np.random.default_rng(TYPES.index(kind))
    array = draw.integers(0, 100, (5, 7)).astype(kind)
    for given in (array, np.asfortranarray(array), array[:, ::2], array[0], array.reshape(5, 7, 1)):
        held = read_binary(carried(npy(given))).arrays[""]
        np.testing.assert_array_equal(held, given)
        assert held.dtype == given.dtype
        both = read_binary(carried(npz(a=given, b=array))).arrays
        np.testing.assert_array_equal(both["a"], given)
    for packed in (False, True):
        written = mat(packed, a=array.astype(np.dtype(kind).newbyteorder("=")), s={"inner": array.astype("f8")})
        held = read_binary(carried(written)).arrays
        expected = loadmat(io.BytesIO(written))
        np.testing.assert_array_equal(held["a"], expected["a"])
        assert held["a"].dtype == expected["a"].dtype
        np.testing.assert_array_equal(held["inner"], expected["s"]["inner"][0, 0])


@pytest.mark.parametrize("kind", ["u1", "i2", "i4", "f4", "f8"])
@pytest.mark.parametrize("channels", [1, 2, 3])
def test_sound_is_read_as_recorded(kind: str, channels: int) -> None:
    samples = np.random.default_rng(0).integers(0, 200, (50, channels)).astype(kind)
    written = wav(samples[:, 0] if channels == 1 else samples, 16000)
    rate, expected = wavfile.read(io.BytesIO(written))
    contents = read_binary(carried(written))
    assert contents.rate == rate
    np.testing.assert_array_equal(np.column_stack(list(contents.arrays.values())), expected.reshape(50, -1))
    data = read_data(carried(written))
    assert (data.x_name, data.x_unit) == ("time", "s")
    np.testing.assert_allclose(data.x, np.arange(50) / 16000)
    assert len(data.others) == channels - 1


def test_samples_of_three_bytes() -> None:
    values = np.array([0, 1, -1, 2**23 - 1, -(2**23)])
    body = b"".join(int(value).to_bytes(3, "little", signed=True) for value in values)
    form = struct.pack("<HHIIHH", 1, 1, 48000, 144000, 3, 24)
    whole = b"WAVEfmt " + struct.pack("<I", 16) + form + b"data" + struct.pack("<I", len(body)) + body + b"\0"
    file = b"RIFF" + struct.pack("<I", len(whole)) + whole
    expected = wavfile.read(io.BytesIO(file))[1]
    np.testing.assert_array_equal(read_binary(carried(file)).arrays["sound"], expected)


@pytest.mark.parametrize("version", [1, 2])
@pytest.mark.parametrize("records", [False, True])
def test_netcdf_is_unpacked_and_its_axes_have_names(version: int, records: bool) -> None:
    written = netcdf(version, records)
    contents = read_binary(carried(written))
    expected = netcdf_file(io.BytesIO(written), mmap=False, maskandscale=True).variables["u"][:].filled(np.nan)
    np.testing.assert_array_equal(contents.arrays["u"], expected)
    assert contents.units["lat"] == "degrees_north"
    assert "time counts days since 1950-01-01." in contents.remarks
    grid = read_grid(carried(written))
    assert grid.names == ["lon", "lat"] and grid.holes == 1
    np.testing.assert_array_equal(grid.values[0], expected[0].T)
    np.testing.assert_allclose(grid.axes[1], 40 + np.arange(6))


def test_a_series_is_one_whatever_carries_it() -> None:
    file = io.BytesIO()
    made = netcdf_file(file, "w")
    made.createDimension("t", 40)
    for name, values in (("y", Y), ("t", T)):
        made.createVariable(name, "f8", ("t",))[:] = values
    made.flush()
    table = np.array(list(zip(Y, T, strict=True)), dtype=[("y", "f8"), ("t", "f8")])
    days = np.datetime64("2024-01-01") + np.arange(40)
    for written in (
        npz(y=Y, t=T), npy(table), mat(True, y=Y, t=T), mat(False, run={"y": Y, "t": T}), file.getvalue(),
        mat(True, y=Y, fs=4.0), mat(True, t=T[:, None], y=Y[None], name="a run", filter=1j * T),
    ):  # fmt: skip
        assert not is_field(carried(written))
        data = read_data(carried(written))
        np.testing.assert_allclose(data.x, T)
        np.testing.assert_allclose(data.y, Y)
    two = read_data(together({"t.npy": carried(npy(T)), "y.npy": carried(npy(Y))}))
    np.testing.assert_allclose([two.x, two.y], [T, Y])
    dated = read_data(carried(npz(day=days, level=Y)))
    assert dated.start.startswith("2024-01-01") and np.all(np.diff(dated.x) == 1)
    with pytest.raises(UserError, match="no arrays of real numbers"):
        read_data(carried(mat(True, z=1j * T)))


@pytest.mark.parametrize(
    ("begins", "told"),
    [
        (b"\x89HDF\r\n", "HDF5"),
        (b"MATLAB 7.3 MAT-file", "MATLAB 7.3"),
        (b"\xd0\xcf\x11\xe0", "Excel"),
        (b"\x1f\x8b", "gzip"),
        (b"%PDF", "of a kind that is read"),
        (b"", "of a kind that is read"),
    ],
)
def test_other_files_are_named(begins: bytes, told: str) -> None:
    with pytest.raises(UserError, match=told):
        read_binary(carried(begins + bytes(100)))


def test_a_gap_that_is_told_in_words_is_none() -> None:
    file = io.BytesIO()
    made = netcdf_file(file, "w")
    made.createDimension("x", 3)
    made.createVariable("v", "f4", ("x",))[:] = [1, 2, 3]
    made.variables["v"].missing_value = "none"
    made.flush()
    assert read_binary(carried(file.getvalue())).arrays["v"].tolist() == [1, 2, 3]


def test_samples_of_no_bytes_are_no_sound() -> None:
    whole = bytearray(wav(np.zeros((40, 2), np.int16)))
    whole[32:34] = bytes(2)  # of the block
    assert "broken" in refused(bytes(whole))


def refused(data: bytes) -> str:
    """What is said of a file that is not read, "" of one that is."""
    try:
        read_binary(carried(data))
    except UserError as error:
        return error.message
    return ""


def test_broken_files_end_in_one_sentence() -> None:
    """Bytes changed, cut off or repeated anywhere: an answer, or a `UserError`."""
    draw = random.Random(1)
    samples = (Y * 1000).astype("i2")
    good = [
        npy(Y),
        npz(t=T, y=Y),
        mat(False, t=T, s={"y": Y}),
        mat(True, t=T, y=Y),
        wav(samples),
        netcdf(1),
        netcdf(2, True),
    ]
    told: list[str] = []
    for _ in range(1500):
        data = bytearray(draw.choice(good))
        for _ in range(draw.randint(1, 4)):
            at = draw.randrange(min(len(data), 400) if draw.random() < 0.7 else len(data))
            data[at] = draw.choice([0, 1, 0x7F, 0x80, 0xFF, draw.randrange(256)])
        if draw.random() < 0.3:
            del data[draw.randrange(len(data)) :]
        told.append(refused(bytes(data)))
    assert len(told) - told.count("") > 200
    assert all(len(message) < 200 for message in told)
    for text in ("base64:", "base64:???", "npz:" + base64.b64encode(b"PK\x03\x04 and no more").decode()):
        with pytest.raises(UserError, match="not an archive"):
            read_binary(text)
