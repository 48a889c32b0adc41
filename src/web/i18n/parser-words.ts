/** What the readers of YAML and of expressions say of a text that is none, in Spanish. Both are libraries: what they say
 *  otherwise stays in their English. */
export const YAML_ES: Readonly<Record<string, string>> = {
  "All mapping items must start at the same column":
    "todas las claves de un mapa empiezan en la misma columna",
  "Nested mappings are not allowed in compact mappings":
    "aquí hay una clave dentro de otra línea: revise la sangría, o ponga el texto entre comillas",
  "Implicit keys need to be on a single line": "una clave va en una sola línea; ¿falta `:`?",
  "Implicit map keys need to be followed by map values": "a una clave le sigue `:` y su valor",
  "A block sequence may not be used as an implicit map key": "una lista no puede ser una clave",
  "Block collections are not allowed within flow collections":
    "entre llaves o corchetes no cabe un mapa o una lista de varias líneas",
  "Flow map in block collection must be sufficiently indented and end with a }":
    "un mapa entre llaves lleva suficiente sangría y termina en }",
  "Flow sequence in block collection must be sufficiently indented and end with a ]":
    "una lista entre corchetes lleva suficiente sangría y termina en ]",
  "Flow map must end with a }": "un mapa entre llaves termina en }",
  "Flow sequence must end with a ]": "una lista entre corchetes termina en ]",
  "Missing , or : between flow map items": "falta , o : entre los elementos de un mapa",
  "Unexpected , in flow map": "sobra una coma en un mapa",
  "Unexpected , in flow sequence": "sobra una coma en una lista",
  "Missing , or : between flow sequence items": "falta , entre los elementos de una lista",
  "Unexpected block-seq-ind on same line with key":
    "el primer elemento de una lista va en una línea propia, debajo de su clave",
  'Missing closing "quote': 'faltan las comillas " de cierre',
  "Missing closing 'quote": "faltan las comillas ' de cierre",
  "Tabs are not allowed as indentation": "la sangría no lleva tabuladores; use espacios",
  "Plain value cannot start with reserved character @": "un valor no empieza con @; póngalo entre comillas",
  "Plain value cannot start with reserved character `": "un valor no empieza con `; póngalo entre comillas",
  "Plain value cannot start with directive indicator character %":
    "un valor no empieza con %; póngalo entre comillas",
  "Comments must be separated from other tokens by white space characters":
    "antes de # de un comentario va un espacio",
  "Unexpected scalar at node end": "aquí sobra un texto; ¿falta `:` o unas comillas?",
  "A node can have at most one anchor": "un valor lleva una sola ancla",
  "An alias node must not specify any properties": "una referencia `*` no lleva nada más",
};

export const EXPRESSION_ES: Readonly<Record<string, string>> = {
  "unclosed (": "falta )",
  "unclosed [": "falta ]",
  "expected )": "falta )",
  "expected ]": "falta ]",
  "expected comma": "falta una coma",
  "unexpected period": "sobra un punto",
  "unexpected token ,": "sobra una coma",
  "missing unaryop argument": "al signo no le sigue nada",
};
