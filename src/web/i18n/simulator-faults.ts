/** A fault of the simulators as people call it, and what it does. */
interface FaultWords {
  readonly name: string;
  readonly meaning: string;
}

const fault = (name: string, meaning: string): FaultWords => ({ name, meaning });

/** Spanish for the faults that the simulators know; what they say of themselves is English. */
export const FAULTS_IN_SPANISH: Readonly<Record<string, FaultWords>> = {
  dead: fault("muerto", "acepta conexiones y pedidos y nunca responde"),
  refuse: fault("sin conexión", "corta las conexiones y no acepta otras, como sin energía"),
  slow: fault("lento", "responde con demora"),
  "late-reply": fault("respuesta tardía", "responde cuando el cliente ya no espera"),
  exception: fault("excepción Modbus", "responde con una excepción, a toda lectura o a ciertas direcciones"),
  "wrong-transaction-id": fault("transacción equivocada", "responde con el número de otro pedido"),
  "wrong-unit": fault("unidad equivocada", "responde en nombre de otra unidad"),
  "truncated-frame": fault("trama cortada", "envía la primera mitad de la respuesta"),
  "split-frame": fault("trama partida", "envía la respuesta en pedazos, con pausas"),
  "corrupt-crc": fault("suma de control errada", "envía una suma de control errada"),
  frozen: fault("congelado", "sigue mostrando el mismo valor"),
  bias: fault("desplazado", "muestra tanto de más"),
  gain: fault("ganancia", "muestra tantas veces el valor"),
  drift: fault("deriva", "muestra más de un día a otro"),
  spike: fault("pico", "de vez en cuando muestra tanto de más por un segundo"),
  dropout: fault(
    "enlace del PLC perdido",
    "conserva valor y hora, como cuando se pierde el enlace tras el PLC",
  ),
  "wire-break": fault("cable cortado", "muestra 32767, como una tarjeta con el lazo abierto"),
  "loop-low": fault("lazo bajo", "muestra 3.2 mA, falla baja de NAMUR NE 43"),
  "loop-high": fault("lazo alto", "muestra 22 mA, falla alta de NAMUR NE 43"),
  "word-swap": fault(
    "palabras invertidas",
    "envía las palabras de un valor en el otro orden, como mal configurado",
  ),
  "duplicate-samples": fault("muestras repetidas", "envía una de cada dos muestras dos veces, con su hora"),
  "out-of-order-samples": fault(
    "muestras desordenadas",
    "envía una de cada tres muestras después de otras más nuevas",
  ),
  "totalizer-reset": fault("totalizador a cero", "un total empieza de nuevo en cero"),
  "clock-skew": fault("reloj adelantado", "la hora del equipo no es la correcta"),
  "bad-status": fault("calidad mala", "los valores vienen con un estado que no es bueno"),
  "belt-slip": fault("patina la faja dosificadora", "la faja va a esta fracción de la velocidad de su motor"),
  "crusher-belt-slip": fault(
    "patina la faja de chancado",
    "la faja va a esta fracción de la velocidad de su motor",
  ),
  "blocked-chute": fault("chute de la cónica atorado", "nada sale de la chancadora cónica"),
  "blocked-jaw-chute": fault("chute de la quijada atorado", "nada sale de la chancadora de quijada"),
  "feed-loss": fault("tolva que no descarga", "la tolva de finos no da más que esto, t/h de mineral seco"),
  "mill-overload": fault(
    "molino 2 sobrecargado",
    "la descarga del molino 2 deja pasar esta fracción de lo debido",
  ),
  "mill-1-overload": fault(
    "molino 1 sobrecargado",
    "la descarga del molino 1 deja pasar esta fracción de lo debido",
  ),
  roping: fault("descarga en soga", "el ápex del ciclón no deja pasar más que esto, m3/h"),
  "cyclone-plug": fault(
    "ciclón atorado",
    "el ciclón corta tantas veces más grueso, con menos caudal y más presión",
  ),
  "gravity-feed-stopped": fault(
    "concentrador sin carga",
    "la compuerta manda al concentrador esta fracción del underflow",
  ),
  "nacn-pump-trip": fault("bomba de cianuro parada", "la bomba dosificadora de cianuro está parada"),
  "lime-feeder-trip": fault("dosificador de cal parado", "el dosificador de cal está parado"),
  "smbs-pump-trip": fault("bomba de metabisulfito parada", "la bomba de metabisulfito está parada"),
  "air-blower-off": fault("soplador parado", "el soplador de aire está parado"),
  "mill-1-trip": fault("molino 1 parado", "el molino 1 está parado"),
  "mill-2-trip": fault("molino 2 parado", "el molino 2 está parado"),
  "cyclone-pump-trip": fault("bomba del ciclón parada", "la bomba que alimenta al ciclón está parada"),
  "crushing-trip": fault("chancado parado", "las chancadoras están paradas"),
  "screen-hole": fault(
    "malla rota en el segundo CIL",
    "cada hora pasa con la pulpa esta fracción del carbón del segundo tanque CIL",
  ),
  "tail-screen-hole": fault(
    "malla rota en el último CIL",
    "cada hora se va a los relaves esta fracción del carbón del último tanque CIL",
  ),
  "carbon-advance-stopped": fault("carbón sin avanzar", "no se mueve carbón"),
  "carbon-fouled": fault("carbón ensuciado", "el carbón carga oro a esta fracción de su velocidad"),
  "kiln-off": fault("horno apagado", "el carbón desorbido vuelve sin regenerar"),
  "hard-ore": fault("mineral duro", "el mineral de mina es tantas veces más duro"),
  "rich-ore": fault("mineral rico", "el mineral de mina es tantas veces más rico"),
  "wet-ore": fault("mineral húmedo", "el mineral de mina es tantas veces más húmedo"),
  "lube-failure": fault("falla de lubricación", "el aceite del molino 1 tiene esta presión, kPa"),
  "water-cut": fault("corte de agua", "no entra agua fresca"),
  "power-cut": fault("corte de energía", "todo motor está parado; los PLC siguen con sus baterías"),
  "metal-on-belt": fault("metal en la faja", "el detector de la faja de chancado ve metal"),
  "emergency-stop": fault("parada de emergencia", "alguien jala la parada de emergencia de chancado"),
  "bund-leak": fault("derrame en el dique", "hay solución de cianuro en el dique de contención"),
  "safety-shower": fault("ducha de seguridad", "alguien está bajo la ducha de seguridad"),
  "late-assay": fault("ensaye atrasado", "las muestras que se cortan desde ahora tardan tantas horas más"),
  "restated-assay": fault(
    "ensaye corregido",
    "los resultados de las muestras desde ahora se corrigen un día después, por este factor",
  ),
};

/** Spanish for what an operator of the simulated plant can set. */
export const SETPOINTS_IN_SPANISH: Readonly<Record<string, string>> = {
  "FIC-201.SP": "Alimentación húmeda al molino",
  "FIC-202.SP": "Agua al molino 1",
  "FIC-205.SP": "Agua al cajón de bombeo; pasa el control de densidad a manual",
  "DIC-207.SP": "Densidad de alimentación al ciclón; pasa el control a automático",
  "FIC-302.SP": "Agua de fluidización del concentrador",
  "KIC-302.SP": "Ciclo del concentrador",
  "AIC-401C.SP": "NaCN del tanque de lixiviación 1; pasa el control a automático",
  "FIC-602.SP": "Dosificación de NaCN; pasa el control a manual",
  "FFIC-603.SP": "Cal por mineral seco",
  "FFIC-604.SP": "SO2 por cianuro WAD, g/g",
  "ZIC-107.SP": "Abertura de descarga de la cónica",
  "XS-602P.ARM": "Rearma el permiso de NaCN",
};
