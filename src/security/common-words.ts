const WORDS = `
password passwort passw0rd contrasena contraseña clave clavesecreta secreto secret welcome bienvenido bienvenidos letmein
login access acceso admin administrator administrador root user usuario guest invitado test testing demo prueba default
changeme cambiame change master maestro server servidor system sistema computer internet network oracle cisco windows
microsoft google facebook instagram whatsapp samsung nokia apple iphone android linux ubuntu debian raspberry
qwerty qwertz azerty asdf zxcv iloveyou teamo tequiero teamomucho love amor amore mi vida princess princesa prince
angel angelito dragon monkey football futbol soccer baseball basketball hockey liverpool barcelona realmadrid madrid
alianza alianzalima universitario cristal boca river juventus chelsea arsenal superman batman pokemon naruto starwars
matrix merlin ninja hunter killer shadow sunshine summer winter spring autumn verano invierno monday friday lunes
january february march april june july august september october november december enero febrero marzo abril mayo junio
julio agosto septiembre setiembre octubre noviembre diciembre michael jennifer jessica ashley daniel andrew thomas
robert jordan charlie george maria jose juan carlos luis miguel jorge pedro david alejandro andrea daniela valentina
camila sofia fernanda gabriel rosa carmen nicole chocolate cheese cookie flower mariposa butterfly estrella bonita
hermosa corazon corazón tinkerbell buster tigger ginger pepper purple orange yellow silver golden black blue green red
plata negro blanco azul verde rojo trustno whatever freedom libertad forever siempre jesus jesucristo cristo god dios
diosito bendicion family familia mother madre father padre mama papa hello hola goodbye adios please gracias peru lima
arequipa cusco america latin company empresa mine mina mineria minera gold oro puma planta plant gateway operator
operador supervisor engineer ingeniero ingenieria metallurgist metalurgista metallurgy metalurgia scada plc modbus opcua
ignition wonderware siemens schneider rockwell honeywell emerson yokogawa control controlroom sala turno shift
correcthorsebatterystaple correct horse battery staple
`;

/** Words that passwords are tried with first, in the two languages of the plant, lower case. */
export const COMMON_WORDS: readonly string[] = WORDS.trim().split(/\s+/);
