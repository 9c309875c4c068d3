import { plainLetters } from './letters.ts';

const ENGLISH = `a about above after again ago all am an and any anybody anyone anything are as ask asking at be because been being below between both but by came can
  cannot cant could couldnt believe did didnt do does doesnt doing dont down during each else everybody everyone everything few guess for from further get gets getting give given go goes going
  got gonna had has hasnt have having he hello her here hers hey hi him his how i id if ill im in instead into is isnt it its ive just kind know last let lets like
  look looking make me mean might mine more most much my myself need next no nobody noone not nothing now of off oh ok okay on once one only or other our ours out over own please
  possible put quite really right same say see shall she should since so some somebody someone something still sure such take tell than thank thanks that
  thats the their theirs them then there these they thing things think this those though through to too try trying uh um under until up us very wanna
  want wanted was wasnt way we well went were what whatever whats when where which while who whom whose why will with wonder wondering wont would
  wouldnt yeah yes you your youre yours yourself actually maybe perhaps today tomorrow yesterday somehow nowhere somewhere`;

const HINDI = `अगर अपना अपनी अपने अब अभी आप आपका आपकी आपके आपको इन इनका इस इसका इसकी इसके इसे उन उनका उस उसका उसकी उसके उसे एक ऐसा ऐसे और कब कभी कर करके करता करती करते करना करनी
  करने करूँ करें कहाँ कहा का कि कितना कितनी कितने किया किस किसी किसे की कुछ कृपया के कैसा कैसी कैसे को कोई कौन कौनसा क्या क्यों गई गए गया चाहता चाहती चाहते चाहिए जब जहाँ जा जाए जाएगा जाएगी जाएँगे जाता
  जाती जाते जाना जाने जी जो तक तब तरह तो था थी थे दीजिए दे देना देने धन्यवाद नमस्ते न नहीं ने पर फिर बता बताइए बताएँ बताना बहुत बारे भी मगर मुझको मुझे में मेरा मेरी मेरे मैं यदि यह यहाँ या ये
  रहा रहती रहते रही रहे लगता लगती लगते लगेगा लिए ले लेकिन लेना वह वहाँ वाला वाली वाले वे वो सकता सकती सकते सकूँ सब साथ से हम हमारा हमारी हमारे हमें हाँ ही हुआ हुई हुए हूँ है हैं हो होगा होगी होंगे होता होती होते होना होने`;

const CHINESE = `我想 我要 我的 你的 您的 想问 问一下 办 怎 的 了 吗 呢 吧 啊 呀 嘛 么 我 我们 你 你们 您 他 她 它 他们 她们 自己 这 这个 这些 那 那个 那些 哪 哪个 哪些 哪里 哪儿 什么 怎么 怎样 怎么样 怎么办 如何 多少 几 几个 谁 为什么 为何
  是 是否 不是 有 没有 没 在 和 与 或 或者 跟 及 把 被 给 对 从 到 向 于 就 都 也 还 还是 又 再 很 太 更 最 才 会 能 能够 能不能 可以 可 可否 要 想 想要 需要 应该 得 地 着 过 请 请问 麻烦 谢谢 你好 您好
  一下 一个 一些 如果 因为 所以 但 但是 而 而且 时候 知道 告诉 关于 不 個 嗎 這 這個 們 我們 為什麼 什麼 怎麼 請問 沒有 還 會`;

const SAID_BY_ALL = new Set([ENGLISH, HINDI, CHINESE].flatMap((words) => words.split(/\s+/)).map(plainLetters));

/** Whether a word, by its plain letters, is of every question, whatever it is about: grammar, courtesy and talk. */
export function isTalk(word: string): boolean {
  return SAID_BY_ALL.has(word);
}
