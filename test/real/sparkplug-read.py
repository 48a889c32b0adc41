"""Reads Sparkplug B payloads, one a line in hex, with Google's own protobuf, and prints each as JSON.
The folder of sparkplug_b_pb2.py is the first argument."""

import json
import sys

sys.path.insert(0, sys.argv[1])
import sparkplug_b_pb2  # noqa: E402


def value_of(message):
    field = message.WhichOneof("value")
    value = None if field is None else getattr(message, field)
    return field, str(value) if field == "long_value" else value


def metric_of(metric):
    field, value = value_of(metric)
    properties = {}
    for key, one in zip(metric.properties.keys, metric.properties.values, strict=True):
        properties[key] = [one.type, *value_of(one)]
    return {
        "name": metric.name if metric.HasField("name") else None,
        "alias": metric.alias if metric.HasField("alias") else None,
        "timestamp": metric.timestamp,
        "datatype": metric.datatype if metric.HasField("datatype") else None,
        "isHistorical": metric.is_historical,
        "isNull": metric.is_null,
        "field": field,
        "value": value,
        "properties": properties,
        "unknown": len(metric.UnknownFields()),
    }


for line in sys.stdin:
    raw = bytes.fromhex(line.strip())
    payload = sparkplug_b_pb2.Payload()
    payload.ParseFromString(raw)
    read = {
        "timestamp": payload.timestamp,
        "seq": payload.seq if payload.HasField("seq") else None,
        "metrics": [metric_of(metric) for metric in payload.metrics],
        "unknown": len(payload.UnknownFields()),
        "sameBytes": payload.SerializeToString(deterministic=True) == raw,
    }
    print(json.dumps(read))
