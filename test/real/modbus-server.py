"""A Modbus server of pymodbus that holds every data type in every word order, encoded by pymodbus.

Usage: modbus-server.py tcp|rtu. Prints one line of JSON: where it listens, and what each address holds.
Ends when its standard input is closed.
"""
import asyncio
import json
import logging
import os
import pty
import sys
import threading
import tty

from pymodbus.constants import Endian
from pymodbus.datastore import ModbusSequentialDataBlock, ModbusServerContext, ModbusSlaveContext
from pymodbus.payload import BinaryPayloadBuilder
from pymodbus.server.async_io import ModbusSerialServer, ModbusTcpServer
from pymodbus.transaction import ModbusRtuFramer

logging.disable(logging.CRITICAL)
UNIT = 17
ORDERS = {
    "ABCD": (Endian.Big, Endian.Big),
    "CDAB": (Endian.Big, Endian.Little),
    "BADC": (Endian.Little, Endian.Big),
    "DCBA": (Endian.Little, Endian.Little),
}
VALUES = {
    "int16": ("add_16bit_int", [-32768, -4864, 0, 32767]),
    "uint16": ("add_16bit_uint", [0, 21500, 65535]),
    "int32": ("add_32bit_int", [-(2**31), -2, 123456789, 2**31 - 1]),
    "uint32": ("add_32bit_uint", [0, 123456789, 9999999, 2**32 - 1]),
    "int64": ("add_64bit_int", [-(2**63), -(2**53) - 1, 2**53 + 1, 2**63 - 1]),
    "uint64": ("add_64bit_uint", [0, 2**53 + 1, 2**64 - 1]),
    "float32": ("add_32bit_float", [4.2, -1.5e-30, 3.4e38, 0.0]),
    "float64": ("add_64bit_float", [3.141592653589793, -1.7e308, 5e-324, 16.4]),
}


def contents():
    """Registers from address 0 on, and what they mean."""
    registers, cases = [], []
    for order, (byteorder, wordorder) in ORDERS.items():
        for kind, (method, values) in VALUES.items():
            for value in values:
                builder = BinaryPayloadBuilder(byteorder=byteorder, wordorder=wordorder)
                getattr(builder, method)(value)
                cases.append({"type": kind, "wordOrder": order, "address": len(registers), "value": str(value)})
                registers += builder.to_registers()
                registers += [0xDEAD] * (len(cases) % 3)
    builder = BinaryPayloadBuilder(byteorder=Endian.Big, wordorder=Endian.Big)
    builder.add_string("Molino 2")
    cases.append({"type": "string", "wordOrder": "ABCD", "address": len(registers), "value": "Molino 2"})
    return registers + builder.to_registers() + [0], cases


def context(registers):
    bits = [address % 3 == 0 for address in range(100)]
    store = ModbusSlaveContext(
        di=ModbusSequentialDataBlock(0, bits),
        co=ModbusSequentialDataBlock(0, bits),
        hr=ModbusSequentialDataBlock(0, registers),
        ir=ModbusSequentialDataBlock(0, registers),
        zero_mode=True,
    )
    return ModbusServerContext(slaves={UNIT: store}, single=False)


def serial_cable():
    """Two pseudo-terminals joined like a null-modem cable: the paths of both ends."""
    ends = [pty.openpty(), pty.openpty()]
    for _, slave in ends:
        tty.setraw(slave)
    masters = [master for master, _ in ends]

    def carry(source, target):
        while True:
            os.write(target, os.read(source, 256))

    for source, target in (masters, masters[::-1]):
        threading.Thread(target=carry, args=(source, target), daemon=True).start()
    return [os.ttyname(slave) for _, slave in ends]


async def main(transport):
    registers, cases = contents()
    said = {"unit": UNIT, "cases": cases, "registers": len(registers)}
    if transport == "tcp":
        server = ModbusTcpServer(context(registers), address=("127.0.0.1", 0))
        serving = asyncio.ensure_future(server.serve_forever())
        await server.serving
        said["port"] = server.server.sockets[0].getsockname()[1]
    else:
        here, said["path"] = serial_cable()
        server = ModbusSerialServer(
            context(registers), framer=ModbusRtuFramer, port=here, baudrate=19200, ignore_missing_slaves=True
        )
        await server.start()
        serving = asyncio.ensure_future(server.serve_forever())
    print(json.dumps(said), flush=True)
    await asyncio.get_running_loop().run_in_executor(None, sys.stdin.read)
    serving.cancel()


asyncio.run(main(sys.argv[1]))
os._exit(0)
