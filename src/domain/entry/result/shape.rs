//! The members of a result in a master record.

use super::super::shape::Shape;

/// Its members in a master record.
pub const SHAPE: Shape = Shape {
    required: &["method", "result"],
    members: &[
        ("sample", r##"{ "$ref": "#/$defs/id", "description": "Entry of kind sample." }"##),
        (
            "method",
            r##"{ "description": "Method.", "type": "string", "minLength": 1, "maxLength": 200 }"##,
        ),
        (
            "method_version",
            r##"{
              "description": "Version of the method.",
              "type": "string",
              "minLength": 1,
              "maxLength": 200
            }"##,
        ),
        (
            "item",
            r##"{
              "description": "What is tested where no sample is taken, as in `final filter`; each determination names its identifier.",
              "type": "string",
              "minLength": 1,
              "maxLength": 200
            }"##,
        ),
        (
            "per",
            r##"{
              "description": "Of a release specification: owed for each product and side product lot (`lot`, the default) or once for the run.",
              "enum": ["lot", "run"]
            }"##,
        ),
        (
            "skippable",
            r##"{
              "description": "Quality may decide by signature, before the batch starts, that it does not owe this test (skip testing), naming the document that allows it.",
              "type": "boolean"
            }"##,
        ),
        (
            "replicates",
            r##"{ "description": "How many determinations.", "type": "integer", "minimum": 1, "maximum": 200 }"##,
        ),
        (
            "reportable",
            r##"{
              "description": "What the method reports of the determinations: the worst (absent), their mean or median, or each. The limits of `result` are those of the reportable value, compared after rounding half away from zero to the last written place of the limit.",
              "enum": ["worst", "mean", "median", "each"]
            }"##,
        ),
        (
            "single",
            r##"{
              "description": "Limits of a single determination, where the limit is for their mean or median.",
              "type": "array",
              "items": { "$ref": "#/$defs/limit" },
              "maxItems": 5
            }"##,
        ),
        (
            "spread",
            r##"{
              "description": "The spread of the determinations beyond which a run of tests is invalid.",
              "type": "object",
              "properties": {
                "range": { "$ref": "#/$defs/decimal", "description": "Largest minus smallest, at most." },
                "rsd": {
                  "$ref": "#/$defs/decimal",
                  "description": "Relative standard deviation in percent, at most."
                },
                "repeats": {
                  "description": "How often the method lets an invalid run be repeated; absent: never.",
                  "type": "integer",
                  "minimum": 0,
                  "maximum": 10
                }
              },
              "minProperties": 1,
              "additionalProperties": false
            }"##,
        ),
        (
            "further",
            r##"{
              "description": "How many further determinations of the same sample the method allows (a dilution, another sensitivity) to settle one of which it cannot be told whether it is within; absent: none.",
              "type": "integer",
              "minimum": 0,
              "maximum": 10
            }"##,
        ),
        (
            "result",
            r##"{
              "description": "What a result looks like: a number or a choice.",
              "type": "object",
              "properties": {
                "type": { "description": "Number or choice.", "enum": ["number", "choice"] },
                "unit": { "$ref": "#/$defs/unit" },
                "set_point": { "$ref": "#/$defs/decimal" },
                "whole": { "description": "Whole numbers only (counts).", "type": "boolean" },
                "decimals": {
                  "description": "Decimals asked for.",
                  "type": "integer",
                  "minimum": 0,
                  "maximum": 20
                },
                "words": {
                  "description": "Words that may be recorded instead of a number, each with the number that it stands for, in the unit of the result: ND for <0.05, TNTC for >300.",
                  "type": "object",
                  "additionalProperties": {
                    "description": "A number, perhaps behind <, ≤, > or ≥.",
                    "type": "string",
                    "minLength": 1,
                    "maxLength": 40
                  },
                  "maxProperties": 20
                },
                "censored_as": {
                  "description": "What a censored value is in a calculation, a mean included: nothing is calculated with it (refuse, or absent); its bound; zero or half its bound, where it is less than that.",
                  "enum": ["refuse", "bound", "zero", "half"]
                },
                "limits": {
                  "description": "Limits, at most one for each purpose.",
                  "type": "array",
                  "items": { "$ref": "#/$defs/limit" },
                  "maxItems": 5
                },
                "options": {
                  "description": "Options.",
                  "type": "array",
                  "items": {
                    "description": "An option.",
                    "type": "string",
                    "minLength": 1,
                    "maxLength": 200
                  },
                  "minItems": 2,
                  "maxItems": 100,
                  "uniqueItems": true
                },
                "accepted": {
                  "description": "Options that meet acceptance.",
                  "type": "array",
                  "items": {
                    "description": "An option.",
                    "type": "string",
                    "minLength": 1,
                    "maxLength": 200
                  },
                  "uniqueItems": true
                }
              },
              "required": ["type"],
              "additionalProperties": false
            }"##,
        ),
    ],
};
