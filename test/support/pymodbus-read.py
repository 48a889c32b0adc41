"""Reads tags with pymodbus and prints them as JSON. Standard input: {"link": [...], "unit": 1, "tags": [[id, table, address, width, type, order]]}."""

import json
import sys

from pymodbus.client import ModbusSerialClient, ModbusTcpClient
from pymodbus.constants import Endian
from pymodbus.framer.rtu_framer import ModbusRtuFramer
from pymodbus.payload import BinaryPayloadDecoder

ORDERS = {
    "ABCD": (Endian.Big, Endian.Big),
    "CDAB": (Endian.Big, Endian.Little),
    "BADC": (Endian.Little, Endian.Big),
    "DCBA": (Endian.Little, Endian.Little),
}


def connect(kind, *place):
    if kind == "rtu":
        # A pseudo-terminal keeps no parity, and the C library calls it an error when that is all a client asks of it.
        return ModbusSerialClient(port=place[0], baudrate=19200, parity="N", timeout=2)
    framer = {"framer": ModbusRtuFramer} if kind == "rtu-over-tcp" else {}
    return ModbusTcpClient(place[0], port=place[1], timeout=2, **framer)


def text(registers, order):
    data = b"".join(word.to_bytes(2, "little" if order in ("BADC", "DCBA") else "big") for word in registers)
    return data.split(b"\0")[0].decode("utf-8")


def decode(registers, kind, order):
    if kind == "string":
        return text(registers, order)
    byte_order, word_order = ORDERS[order]
    decoder = BinaryPayloadDecoder.fromRegisters(registers, byteorder=byte_order, wordorder=word_order)
    return {
        "bool": lambda: decoder.decode_16bit_uint() != 0,
        "int16": decoder.decode_16bit_int,
        "uint16": decoder.decode_16bit_uint,
        "int32": decoder.decode_32bit_int,
        "uint32": decoder.decode_32bit_uint,
        "int64": lambda: str(decoder.decode_64bit_int()),
        "uint64": lambda: str(decoder.decode_64bit_uint()),
        "float32": decoder.decode_32bit_float,
        "float64": decoder.decode_64bit_float,
    }[kind]()


def read(client, unit, table, address, width):
    function = {
        "holding": client.read_holding_registers,
        "input": client.read_input_registers,
        "coil": client.read_coils,
        "discrete": client.read_discrete_inputs,
    }[table]
    answer = function(address, width, slave=unit)
    if answer.isError():
        raise SystemExit(f"{table} {address}: {answer}")
    return answer.bits[0] if table in ("coil", "discrete") else answer.registers


order = json.load(sys.stdin)
client = connect(*order["link"])
if not client.connect():
    raise SystemExit("no connection")
values = {}
for tag, table, address, width, kind, words in order["tags"]:
    got = read(client, order["unit"], table, address, width)
    values[tag] = got if isinstance(got, bool) else decode(got, kind, words)
client.close()
print(json.dumps(values))
