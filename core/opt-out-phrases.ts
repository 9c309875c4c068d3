/**
 * Words with which people ask not to be called again, as patterns over a text that `core/opt-out.ts` made plain: lower case, no
 * accents, words parted by one space, sentences by ` . `.
 */

/** A pattern in pieces; a space before and after is part of it, so that words are whole. */
const phrase = (...pieces: readonly string[]): RegExp => new RegExp(` ${pieces.join('')}(?= )`);
/** Up to `most` words in between. */
const words = (most: number): string => `(?:[^ .]+ ){0,${most}}?`;

const NOT = "(?:do not|don't|dont|do n't)";
const RING = '(?:call|calls|phone|ring|dial|telephone|contact|text|message|bother|disturb|harass|pester|reach out to|hit up)';
const RINGING =
  '(?:calling|phoning|ringing|dialing|dialling|telephoning|contacting|texting|messaging|bothering|disturbing|harassing|pestering|spamming)';
/** "don't call me a liar", as opposed to "a second time" */
const A_NAME =
  "(?:an?(?! (?:second|third|hundred|thousand|million|dozen|few|lot|bunch|couple|single))|names?|by (?:[^ .]+ ){1,2}name|sir|madam|ma'am|mister|mr|mrs|miss|ms|honey|sweetie|dear|darling|crazy|stupid)";
const US = `(?:me(?! ${A_NAME} )|us|here|him|her|my [^ .]+|our [^ .]+|(?:this|that|the) (?:number|phone|line|house|home|place|office|mobile|cell)|again|back|any ?more|ever)`;
const MINE =
  '(?:me|us|(?:my|our) (?:[^ .]+ )?(?:name|numbers?|phone|details|contacts?|data|info|information|records?|entry)|(?:this|that|the) (?:phone )?number)';
/** "I don't call", "they never call", "if you don't call": statements, not wishes. */
const NO_STATEMENT = '(?<! (?:i|we|they|he|she|who|(?:if|when|unless|because|why do) you|why) )';
/** Another hour, unless it is also never: "don't call me now or ever again". */
const NO_OTHER_HOUR =
  '(?!(?: (?:me|us|here|back|please))* (?:right )?(?:now|today|tonight|yet|before|until|till|this (?:morning|afternoon|evening|week)) (?!(?:[^ .]+ ){0,8}(?:again|ever|any ?more|any longer) ))';
/** "don't call it a day", "don't call off the visit", "don't call me a liar" */
const NO_NAMING = `(?! (?:it(?! (?:again|any ?more|ever) )|that(?! (?:number|phone|line|house|place) )|this an?|off|upon|for|out|the (?:police|cops)|911|me ${A_NAME}) )`;

const ENGLISH = [
  phrase(
    NO_STATEMENT,
    NOT,
    ' (?:you )?(?:ever |even |please |dare |you dare |try to |bother to |be )?',
    '(?:call|calling|telephone)',
    NO_NAMING,
    NO_OTHER_HOUR,
  ),
  phrase(NO_STATEMENT, NOT, ' (?:you )?(?:ever |even |please |dare |you dare |try to )?', RING, ' ', US, NO_OTHER_HOUR),
  phrase('do not (?:disturb|contact) \\.'),
  phrase('(?<! (?:i|we|you|they|he|she|who|people|have|has|had|will|would) )never (?:ever )?', RING, ' ', US),
  phrase(
    "(?:should not|shouldn't|must not|mustn't|may not|cannot|can not|can't|are not allowed to|aren't allowed to) (?:be )?",
    `(?:${RING}|${RINGING}) `,
    US,
    NO_OTHER_HOUR,
  ),
  phrase(`(?<! (?:can't|cannot|can not|could not|couldn't) )(?:stop|quit|cease) (?!with )`, words(2), RINGING, NO_NAMING),
  phrase(
    '(?:stop|quit|cease|end) (?:with )?',
    '(?:making |placing |all |the |these |those |your |any |further |more |future |such |me |phone |robo|spam |sales |marketing |nuisance )*calls',
  ),
  phrase('calls? (?:to |must |should |has to |have to |needs to |need to )?stop'),
  phrase('(?<=^ |\\. )(?:please |just |ok |okay |no )*stop(?: it| this| that| now| please)*(?= (?:\\.|$))'),
  phrase(
    '(?:remove|delete|erase|cross|strike|scratch|scrub|drop) ',
    MINE,
    '(?! (?:from|off|of|out of) (?:my|the|this|that) (?:order|cart|basket|bill|invoice|account|meeting|reservation|booking|call) )',
  ),
  phrase(
    '(?:take|get|have|keep|pull) ',
    MINE,
    ' (?:off|removed|deleted|out of your)(?! (?:of )?(?:speaker|speakerphone|hold|mute|work|the (?:phone|hook|bill)) )',
  ),
  phrase(
    '(?:removed|deleted|taken|off|out) (?:from |of |off )?(?:of )?(?:your|the|this|that|any|all) ',
    words(2),
    '(?:call|calling|phone|contact|marketing|mailing|dialing|customer|telemarketing) (?:list|lists|database)',
  ),
  phrase('(?:removed|deleted|off|out) (?:from |of |off )?(?:of )?(?:your|this|that) (?:list|lists|database|records|system)'),
  phrase('(?:want|wish|like|ask|asked|need|have) (?:you )?to be (?:removed|deleted|taken off|unlisted)'),
  phrase("(?:do not|don't|dont|not to) call (?:list|lists|registry|register)"),
  phrase('dnc list'),
  phrase('opt(?:ing|ed)? (?:me |us |my number |this number )?out'),
  phrase('unsubscrib(?:e|ed|ing)'),
  phrase(
    '(?<! (?:i|we|had|have|has|got|get|were|was|are|is|received|with) )no (?:more|further|other) ',
    words(2),
    '(?:calls|calling|contact)',
  ),
  phrase('no (?:more )?calls please'),
  phrase(
    "(?:do not|don't|dont|never) (?:want|wish|need|like|care) (?:for )?(?:any |your |these |those |more |further |such |another |a |phone |sales |marketing )*(?:calls?|calling)",
    NO_OTHER_HOUR,
  ),
  phrase(
    "(?:do not|don't|dont|never) (?:want|wish|like|care) (?:you |anyone |anybody |people |for you )?(?:guys |people )?(?:to )?(?:get |receive |have |hear |take |keep |be |being |getting |receiving )*",
    `(?:any |your |these |more |further )*(?:calls|called|contacted|disturbed|bothered|from you|${RINGING}|${RING} ${US})`,
    NO_OTHER_HOUR,
  ),
  phrase('(?:revoke|withdraw|take back) (?:my |our |any |all )?(?:consent|permission)'),
  phrase('leave (?:me|us) alone'),
  phrase('(?:lose|forget|block) (?:my|our|this) (?:phone )?number'),
];

const GERMAN = [
  phrase('(?<! (?:warum|wieso|weshalb|ich|wir) )ruf(?:en?|t|st)? ', words(4), '(?:nicht|nie|niemals) (?:mehr|wieder|an)'),
  phrase(
    '(?:nicht|nie|niemals) (?:mehr|wieder) ',
    words(3),
    '(?:anrufen|angerufen|anzurufen|kontaktieren|kontaktiert|belastigen|belastigt)',
  ),
  phrase('hor(?:en?|t)? ', words(3), 'auf ', words(3), '(?:anzurufen|anrufen|anrufe)'),
  phrase('(?<! (?:habe|hatte|bekomme|bekam) )keine (?:weiteren |werbe)?anrufe (?:mehr|bitte)'),
  phrase('keine (?:weiteren (?:werbe)?anrufe|werbeanrufe)'),
  phrase('(?:streich|losch|entfern|nehm|nimm)(?:en?|t)? ', words(5), '(?:liste|anrufliste|verteiler|datenbank|kartei)'),
  phrase(
    '(?:streich|losch|entfern)(?:en?|t)? (?:sie |bitte )*(?:mich|(?:meine|diese) ',
    words(1),
    '(?:nummer|telefonnummer|rufnummer|handynummer|daten))',
  ),
  phrase('(?:lass(?:en|t)?|lasst) (?:sie )?(?:mich|uns) (?:bitte |einfach |endlich )*in (?:ruhe|frieden)'),
];

const SPANISH = [
  phrase(
    '(?<! (?:si|porque|por que|cuando) )no (?:me|nos) (?:llame[ns]?|contacte[ns]?|moleste[ns]?)(?! (?:ahora|hoy|todavia|antes|hasta|la atencion) )',
  ),
  phrase('no (?:llame[ns]?|contacte[ns]?) (?:mas|nunca|otra vez|de nuevo|a este numero|aqui)'),
  phrase('no (?:me |nos )?vuelv(?:a|an|as) a (?:llamar|contactar|molestar)(?:me|nos)?'),
  phrase('(?:deja|deje|dejen|dejad|pare|paren) (?:ya )?de (?:llamar|contactar|molestar)(?:me|nos)?'),
  phrase('(?:quite|quita|quiten|borre|borra|borren|elimine|elimina|eliminen|saque|saca|saquen)(?:me|nos) (?:de|ya)'),
  phrase('(?:quite|borre|elimine)n? (?:mi|este) (?:numero|telefono|nombre)'),
  phrase('no quiero (?:recibir )?(?:mas |sus |estas |otras )*llamadas'),
  phrase('no quiero que (?:me|nos) (?:vuelvan a llamar|llame[ns]?|contacten)'),
  phrase('no mas llamadas'),
  phrase('(?:darme|deme|denme|dame) de baja'),
];

const FRENCH = [
  phrase(
    "(?<! (?:je|il|elle|on|tu|vous) )(?:ne |n')?(?:me |nous |m')?(?:r?appelez|r?appelles?|telephonez|contactez|derangez) (?:plus|jamais)",
  ),
  phrase(
    "(?<! (?:je|il|elle|on|tu|vous) )(?:ne |n')(?:me |nous |m')?(?:r?appelez|telephonez|contactez|derangez) (?:surtout )?pas(?! (?:maintenant|aujourd'hui|avant|ce) )",
  ),
  phrase("(?:arrete[zr]?|cesse[zr]?) (?:de |d')(?:me |nous |m')?(?:r?appeler|telephoner|contacter|harceler|deranger)"),
  phrase('(?:retir|enlev|supprim|ray|effac)e[zr]? (?:moi|nous|mon (?:numero|nom|contact)|ce numero|mes (?:donnees|coordonnees))'),
  phrase(
    "(?:veux|souhaite|desire|voudrais|voulons|souhaitons) (?:plus|pas|ne plus) (?:jamais )?(?:etre (?:r?appelee?|contactee?|derangee?)|recevoir (?:de |d'|vos |ces )*appels?|(?:de |d'|vos |ces )+appels?|que vous (?:m'|me |nous )(?:r?appel|contact)[a-z]+)",
  ),
  phrase("plus d'appels?"),
  phrase('laissez (?:moi|nous) tranquilles?'),
  phrase('(?:(?:me|nous) )?(?:desinscri|desabonn)[a-z]+'),
];

const HINDI = [
  phrase(
    '(?:call|phone|fone|pareshan|disturb) (?:mat|na|nahi|nahin) (?:karo|karna|kariye|karen|karein|kare|kijiye|kijiyega|kijie|chahiye)',
  ),
  phrase('(?:call|phone|fone) mat'),
  phrase('mat (?:karo|karna|kijiye) (?:call|phone|fone)'),
  phrase('(?:call|phone|fone) karna bandh?'),
  phrase('mer[aie] (?:number|naam) ', words(4), '(?:hata|hatao|hatado|nikal|nikalo|nikaal|delete|remove|mita)'),
  /(?:कॉल|काल|फोन|फ़ोन|परेशान) (?:मत|न|ना|नहीं) (?:कर(?:ो|ना|ें|िए|े)|कीजिए|कीजिएगा|चाहिए)/,
  /(?:कॉल|काल|फोन|फ़ोन) करना बंद/,
  /मेर[ाे] (?:नंबर|नाम) (?:[^ .]+ ){0,4}(?:हटा|निकाल|डिलीट)/,
].map((pattern) => new RegExp(pattern.source.normalize('NFD')));

/** Any of them is enough, in whatever language the call is held. */
export const OPT_OUT_PHRASES: readonly RegExp[] = [...ENGLISH, ...GERMAN, ...SPANISH, ...FRENCH, ...HINDI];
