"""Words that bound a term, and words of scholarly prose that name nothing by themselves.

Function words end a candidate on either side; some may stand inside one ("division of labour"). General words may stand
anywhere in a term, but the more of a candidate they are, the less it is one: the stop-lists of term extraction.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cache

from tetrapla import languages

__all__ = ["Closed", "closed_words"]

USUAL = 150  # so many of the most frequent words of a language without lists count as function words

EN = (
    "a an the this that these those some any each every all both either neither no none not nor only own same "
    "other another such many much more most less least few several one two three and or but if then than as at by "
    "for from in into of off on onto out over to toward towards under up upon with within without via per between "
    "among through during before after above below against about across along around behind beyond despite except "
    "inside near outside since throughout until is are was were be been being am do does did doing done has have "
    "had having can could may might must shall should will would it its itself he him his she her hers they them "
    "their theirs themselves we us our ours you your yours i me my who whom whose which what when where why how "
    "here there thus hence therefore however moreover furthermore also too very so just even still already yet "
    "again once while whereas although though because due whether et al etc"
)
ES = (
    "el la los las lo un una unos unas este esta estos estas ese esa esos esas aquel aquella ello ellos ellas él "
    "ella se su sus suyo me mi te tu nos nuestro nuestra le les que quien quienes cual cuales cuyo cuya cuyos "
    "cuyas qué cómo cuándo donde cuando como si no ni y e o u pero sino aunque porque pues mientras ya también "
    "tampoco muy más menos tan tanto tanta tantos así aún todavía sólo solo además sin con contra de del desde "
    "durante en entre hacia hasta para por según sobre tras ante bajo a al es son era eran fue fueron ser sido "
    "siendo está están estaba estar estado ha han había haber habido hay he puede pueden podría poder debe deben "
    "deber todo toda todos todas otro otra otros otras mismo misma mismos mismas cada alguno alguna algunos "
    "algunas algún ningún ninguna varios varias mucho mucha muchos muchas poco poca pocos pocas ambos ambas dos "
    "tres uno entonces luego embargo etc"
)
FR = (
    "le la les l' un une des du de d' ce cet cette ces cela ça celui celle ceux celles il elle ils elles on se s' "
    "son sa ses leur leurs notre nos votre vos mon ma mes ton ta tes je j' tu nous vous me m' te t' lui y en qui "
    "que qu' quoi dont où quel quelle quels quelles lequel laquelle lesquels lesquelles auquel duquel et ou mais "
    "donc or ni car si ne n' pas plus moins très trop peu tant aussi ainsi alors comme quand lorsque lorsqu' "
    "puisque puisqu' parce tandis afin à au aux avec sans sous sur dans par pour entre vers chez contre depuis "
    "pendant durant avant après dès jusque jusqu' selon malgré outre hors est sont était étaient être été étant "
    "fut a ont avait avoir eu ayant peut peuvent pourrait pouvoir doit doivent devoir fait faire tout toute tous "
    "toutes autre autres même mêmes chaque quelque quelques aucun aucune plusieurs certains certaines deux trois "
    "non c' encore déjà toujours cependant toutefois également notamment etc"
)
ZH = (
    "的 了 着 过 是 在 与 和 及 或 以及 并 并且 而 而且 也 都 还 又 就 才 只 很 更 最 不 没 没有 有 无 为 被 把 "
    "将 对 对于 从 由 向 往 到 至 于 以 用 按 按照 根据 通过 随着 关于 由于 因为 因此 所以 如果 则 但 但是 然而 "
    "虽然 尽管 即 即使 若 其 其中 此 这 这些 这一 那 那些 该 各 各自 每 某 某些 之 所 者 地 得 等 等等 们 我们 "
    "他们 它 它们 其他 另 另外 如 如何 例如 比如 诸如 同时 此外 首先 其次 最后 进而 从而 使 使得 让 令 能 能够 可 "
    "可以 可能 应 应当 应该 需 需要 须 必须 要 会 已 已经 正 正在 仍 仍然 既 且 乃至 甚至 尤其 十分 较 较为 越 "
    "越来越 一 一个 一些 一种 一是 二是 三是 个 种 次 两 两个 上 下 内 外 间 里 前 后 时 当 以来 之间 之后 之前 "
    "以下 以上 来 去 起 出 进行 实现 成为 作为 具有 存在 包括 属于 称为 认为 提出 指出 表明 见 图 表 参见 本文 年 "
    "月 日 万 亿 少 大量 更加 不断 进一步 逐渐 逐步 往往 通常 却 跟 同 向着 朝 哪 什么 怎样 何 为何 彼此 自身 "
    "自己"
)
GENERAL_EN = (
    "new different various typical certain main important large small high low higher lower better strong great "
    "greater good sufficient possible overall continuous continued positive negative particular specific general "
    "relevant related corresponding respective effective significant obvious necessary basic entire whole "
    "abovementioned aforementioned following previous further future current existing established traditional "
    "actual real rich diverse diversified multiple single first second third similar common way ways case cases "
    "extent context level levels scope scale part parts number numbers use possibility example examples paper "
    "article author authors study research result results basis aspect aspects kind kinds type types form forms "
    "formation establishment improvement promotion discussion expansion introduction increase decrease lack "
    "exploration implementation opportunity opportunities situation status backdrop background problem problems "
    "issue issues question process direction point points need needs demand demands time times year years period "
    "stage round field fields area role effect impact influence factor reason means mode model models pattern "
    "patterns practice practices method methods concept concepts idea view perspective framework approach purpose "
    "goal step steps series set range amount total majority change changes condition conditions characteristic "
    "characteristics feature features attribute attributes difference differences relationship degree size "
    "strength side sides thing things people work end beginning fact argue promote improve build construct "
    "establish introduce provide lead achieve make take using used based according include become carry attract "
    "gather reduce enhance explore face realize match meet serve guide firstly secondly finally"
)
GENERAL_ES = (
    "nuevo nueva diferente diverso diversa típico típica cierto cierta principal importante gran grande pequeño "
    "pequeña alto alta bajo baja mayor menor mejor fuerte suficiente posible general continuo continua positivo "
    "positiva negativo negativa particular específico específica relevante relacionado relacionada "
    "correspondiente respectivo efectivo eficaz significativo obvio necesario básico entero siguiente anterior "
    "posterior futuro futura actual existente establecido establecida tradicional real rico múltiple primero "
    "primera segundo segunda tercero similar común mencionado mencionada anteriormente relativamente manera modo "
    "caso grado medida contexto nivel ámbito escala parte número uso posibilidad ejemplo documento artículo autor "
    "estudio resultado base aspecto tipo forma formación establecimiento mejora promoción discusión expansión "
    "introducción aumento disminución falta exploración implementación oportunidad situación estado fondo "
    "problema cuestión proceso dirección punto necesidad demanda tiempo año período etapa ronda campo área papel "
    "efecto impacto influencia razón medio modelo patrón práctica método concepto idea perspectiva marco enfoque "
    "propósito objetivo paso serie conjunto rango cantidad total mayoría cambio condición característica atributo "
    "diferencia relación tamaño fuerza lado lugar cosa trabajo fin principio hecho promover mejorar formar "
    "construir establecer introducir proporcionar llevar lograr hacer tomar usar utilizar basado basada incluir "
    "convertir atraer reducir aumentar explorar enfrentar realizar satisfacer servir guiar sostener"
)
GENERAL_FR = (
    "nouveau nouvelle différent différente divers diverse typique certain principal principale important "
    "importante grand grande petit petite haut haute élevé élevée bas basse faible meilleur meilleure fort forte "
    "suffisant suffisante possible général générale continu continue positif positive négatif négative "
    "particulier particulière spécifique pertinent lié liée correspondant correspondante respectif efficace "
    "significatif évident nécessaire entier suivant précédent antérieur ultérieur futur future actuel actuelle "
    "existant existante établi établie traditionnel traditionnelle réel réelle riche multiple premier première "
    "deuxième troisième similaire commun susmentionné mentionné relativement manière façon cas mesure contexte "
    "niveau portée échelle partie nombre utilisation possibilité exemple article auteur étude résultat base "
    "aspect type forme formation établissement amélioration promotion discussion expansion introduction "
    "augmentation diminution manque exploration mise œuvre opportunité situation état toile fond problème "
    "question processus direction point besoin demande temps année période étape cycle domaine rôle effet impact "
    "influence raison moyen modèle schéma pratique méthode concept idée perspective cadre approche but objectif "
    "pas série ensemble gamme quantité total majorité changement condition caractéristique attribut différence "
    "relation taille force côté lieu chose travail fin début fait matière promouvoir favoriser améliorer former "
    "construire établir introduire fournir mener réaliser prendre utiliser basé fondé inclure devenir attirer "
    "réduire augmenter explorer affronter satisfaire servir guider soutenir"
)
GENERAL_ZH = (
    "新 不同 各类 典型 若干 主要 重要 大 小 高 低 更高 更 较强 较高 良好 充分 可能 整体 总体 持续 积极 特定 特殊 "
    "一般 相关 相应 有效 显著 明显 必要 基本 全部 上述 下述 以往 既往 诸多 当前 现状 现有 既有 传统 实际 丰富 "
    "多样 多元 多个 首个 相似 共同 突出 激烈 方式 情况 程度 背景 层面 层级 范围 尺度 部分 数量 可能性 例子 案例 "
    "作者 研究 结果 基础 方面 类型 形式 形成 建立 提升 提高 促进 讨论 扩大 引入 增加 减少 缺乏 探索 实施 机会 "
    "机遇 局面 状态 问题 过程 方向 需求 诉求 时间 时期 阶段 领域 角色 影响 原因 手段 做法 方法 概念 理念 观念 "
    "观点 视角 框架 思路 目的 目标 步骤 系列 条件 环境 特征 特点 属性 差异 关系 规模 水平 力量 双方 各方 地方 "
    "事情 工作 变化 格局 作用 效应 逻辑 结论 方案 选择 围绕 面向 立足 符合 获得 产生 带来 导致 推动 推进 推广 "
    "借助 适应 引领 打破 缓解 解决 满足 服务 引导 利用 发挥 达成 建立健全"
)


@dataclass(frozen=True)
class Closed:
    """The words of a language that matter for the borders of a term, in small letters.

    `function` end a term, but for those `inside`, which may stand within one; `general` are scholarly prose; after
    `before_verbs` a verb is to be expected; `articles` begin the next phrase; `joining` join two of a kind.
    """

    function: frozenset[str]
    inside: frozenset[str] = frozenset()
    general: frozenset[str] = frozenset()
    articles: frozenset[str] = frozenset()
    before_verbs: frozenset[str] = frozenset()
    joining: frozenset[str] = frozenset()


def _set(words: str) -> frozenset[str]:
    return frozenset(words.split())


LISTS = {
    "en": Closed(
        _set(EN),
        _set("of the for and in to with a an on by s"),
        _set(GENERAL_EN),
        _set("a an the this that these those some any each every its their our other another many several all both"),
        _set("to is are was were be been being has have had do does did can could may might must shall should will"
             " would not it they we he she you who which that also"),
        _set("and or"),
    ),
    "es": Closed(
        _set(ES),
        _set("de del la el los las y en para a al con por lo un una sin"),
        _set(GENERAL_ES),
        _set("el la los las un una unos unas este esta estos estas ese esa su sus cada otro otra otros todos todas"),
        _set("se es son era fue ser sido ha han había haber puede pueden debe deben no que le les está están"),
        _set("y e o u"),
    ),
    "fr": Closed(
        _set(FR),
        _set("de d' du des la le les l' et à au aux en pour par sur un une sans entre"),
        _set(GENERAL_FR),
        _set("le la les l' un une ce cet cette ces son sa ses leur leurs notre nos chaque autre autres tous toutes"),
        _set("se s' est sont était être été a ont avait avoir peut peuvent doit doivent ne n' qui il elle on"),
        _set("et ou"),
    ),
    "zh": Closed(_set(ZH), _set("的 与 和 及 之 不 无 为 在 以"), _set(GENERAL_ZH), joining=_set("与 和 及 或")),
}  # fmt: skip


@cache
def closed_words(code: str) -> Closed:
    """Return the words of a language; where there are no lists, its most frequent words end a term.

    >>> "the" in closed_words("en").function, "der" in closed_words("de").function
    (True, True)
    """
    closed = LISTS.get(code)
    if closed is None:
        from wordfreq import available_languages, top_n_list

        closed = Closed(frozenset(top_n_list(code, USUAL) if code in available_languages() else ()))
    function = closed.function | _labels(code) | _labels("en")
    if not languages.get(code).joiner:  # papers without blanks have English titles, captions and abstracts in them
        function |= LISTS["en"].function
    return replace(closed, function=function)


def _labels(code: str) -> set[str]:
    """Return the words that label figures, abstracts and lists: they name parts of a paper."""
    language = languages.get(code)
    labels = (language.caption_words, language.abstract_words, language.keyword_words, language.reference_words)
    return {word.strip(".") for words in labels for label in words for word in label.lower().replace("-", " ").split()}
