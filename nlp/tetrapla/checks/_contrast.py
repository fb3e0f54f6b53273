"""Sentences that are built alike to tell two things apart: what no second rendering does.

Manuals are full of them: "The left edge …. The right edge …." A translator who renders a sentence anew takes other
words, but never left for right, daily for weekly, the client for the server. So two copies tell things apart where
each has a member of one group of opposites that the other has not; and where each has a number, an abbreviation in
capitals, or within full-width text a foreign word, that the other has not.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache
from typing import TypeAlias

from tetrapla import languages

__all__ = ["adds", "tells_apart"]

# Groups of words that exclude each other, one a line, synonyms joined by a stroke; in Chinese, parts of words.
OPPOSITES: Mapping[str, str] = {
    "en": """
        left right top/upper bottom/lower middle
        above below
        horizontal vertical row column
        first second third fourth fifth sixth last next/following previous
        former latter
        two three four five six seven eight nine ten
        primary secondary tertiary
        hourly daily weekly monthly yearly
        hour day week month year
        before after
        insert overwrite delete
        add delete/remove
        install uninstall/remove
        enable disable
        allow/permit deny/forbid
        accept reject/refuse
        open close
        lock unlock
        increase decrease
        minimum maximum
        positive negative
        true false
        input output
        upload download
        import export
        client server
        local remote
        internal external
        source target/destination
        even odd
        more less
        with without
        north/northern south/southern east/eastern west/western
        summer winter autumn/fall spring
        morning evening
        male female
        men women
        old new
        large/big small
        only also
        always never
        single double triple
        relative absolute
        public private
        static dynamic
        manual automatic
        ascending descending
        read write
        encrypt decrypt
        valid invalid
        domestic foreign
        rural urban
    """,
    "es": """
        izquierdo/izquierda derecho/derecha superior/arriba inferior/abajo
        encima debajo
        horizontal vertical fila columna
        primero/primer segundo tercero/tercer cuarto quinto sexto último siguiente anterior
        dos tres cuatro cinco seis siete ocho nueve diez
        primario secundario
        diario semanal mensual anual
        hora día semana mes año
        antes después
        insertar sobrescribir eliminar/borrar
        agregar/añadir eliminar/quitar
        instalar desinstalar/eliminar
        activar/habilitar desactivar/deshabilitar
        permitir denegar
        aceptar rechazar
        abrir cerrar
        aumentar disminuir
        mínimo máximo
        positivo negativo
        verdadero falso
        entrada salida
        importar exportar
        cliente servidor
        local remoto
        interno externo
        origen destino
        par impar
        más menos
        con sin
        norte sur este oeste
        verano invierno otoño primavera
        hombres mujeres
        viejo/antiguo nuevo
        grande pequeño
        solo también
        siempre nunca
        sencillo/simple doble triple
        relativo absoluto
        público privado
        estático dinámico
        manual automático
        ascendente descendente
        leer/lectura escribir/escritura
        cifrar descifrar
        válido inválido
        nacional extranjero
        rural urbano
    """,
    "fr": """
        gauche droite/droit supérieur/haut inférieur/bas
        dessus dessous
        horizontal vertical ligne colonne
        premier deuxième/second troisième quatrième cinquième sixième dernier suivant précédent
        deux trois quatre cinq six sept huit neuf dix
        primaire secondaire
        quotidien hebdomadaire mensuel annuel
        heure jour semaine mois année/an
        avant après
        insérer/insertion écraser/écrasement supprimer/effacer
        ajouter supprimer/enlever
        installer désinstaller/supprimer
        activer désactiver
        autoriser/permettre refuser/interdire
        accepter rejeter/refuser
        ouvrir fermer
        augmenter diminuer
        minimum maximum
        positif négatif
        vrai faux
        entrée sortie
        importer exporter
        client serveur
        local distant
        interne externe
        source cible/destination
        pair impair
        plus moins
        avec sans
        nord sud est ouest
        été hiver automne printemps
        hommes femmes
        vieux/ancien nouveau
        grand petit
        seulement aussi
        toujours jamais
        simple double triple
        relatif absolu
        public privé
        statique dynamique
        manuel automatique
        croissant décroissant
        lecture écriture
        lire écrire
        chiffrer déchiffrer
        valide invalide
        national étranger
        rural urbain
    """,
    "zh": """
        左 右 上边/上方/上框/顶 下边/下方/下框/底
        水平/横向 垂直/纵向
        行 列
        第一 第二 第三 第四 第五 首先 其次 最后
        前者 后者
        之前 之后
        上一 下一
        每小时 每天/每日 每周 每月 每年
        插入 覆盖 删除
        安装 移除/卸载
        添加 移除/删除
        启用 禁用
        允许 拒绝/禁止
        打开 关闭
        增加 减少
        最小 最大
        输入 输出
        导入 导出
        上传 下载
        客户端 服务器
        本地 远程
        内部 外部
        奇数 偶数
        正数 负数
        东 西 南 北
        夏 冬 春 秋
        男 女
        旧 新
        大 小
        同时 仅仅
        相对 绝对
        公有 私有
        静态 动态
        手动 自动
        升序 降序
        读取 写入
        加密 解密
        农村 城市
    """,
}


# Words by which a sentence says, among its first ones, that it goes on to something else.
ADDING: Mapping[str, str] = {
    "en": "also too likewise similarly conversely instead otherwise",
    "es": "también asimismo igualmente inversa cambio",
    "fr": "aussi également inversement même revanche",
}
AMONG_FIRST = 6

# What a form stands for: the number of its group, and the first of its synonyms.
Member: TypeAlias = tuple[int, str]


@cache
def _members(code: str) -> Mapping[str, Sequence[Member]]:
    """Return what each form of a language stands for, by stem where it has words."""
    language = languages.get(code)
    members: dict[str, list[Member]] = {}
    for number, line in enumerate(OPPOSITES.get(language.code, "").split("\n")):
        for word in line.split():
            forms = word.split("/")
            for form in dict.fromkeys(forms if language.full_width else map(language.stem, forms)):
                members.setdefault(form, []).append((number, forms[0]))
    return members


def tells_apart(code: str, first: Sequence[str], second: Sequence[str]) -> bool:
    """Return whether two copies have opposite words: of one group, each a member that the other has not, or in turn.

    `first` and `second` are the stems of the copies, of full-width text its characters or pairs of them.

    >>> tells_apart("en", ["left", "edg"], ["right", "edg"]), tells_apart("en", ["left", "edg"], ["edg"])
    (True, False)
    >>> tells_apart("en", ["allow", "or", "deni"], ["deni", "or", "allow"])
    True
    """
    a, b = _named(code, first), _named(code, second)
    for number in a.keys() & b.keys():
        ours, theirs = a[number], b[number]
        if set(ours) - set(theirs) and set(theirs) - set(ours):
            return True
        if len(ours) > 1 and ours[:2] == theirs[1::-1]:
            return True
    return False


def adds(code: str, first: Sequence[str], second: Sequence[str]) -> bool:
    """Return whether the second of two copies says that it adds something, and the first does not.

    >>> adds("en", ["you", "can", "insert"], ["you", "can", "also", "insert"])
    True
    """
    return not _adding(code).isdisjoint(second[:AMONG_FIRST]) and _adding(code).isdisjoint(first)


@cache
def _adding(code: str) -> frozenset[str]:
    language = languages.get(code)
    return frozenset(map(language.stem, ADDING.get(language.code, "").split()))


def _named(code: str, stems: Sequence[str]) -> dict[int, list[str]]:
    """Return the members of each group that some stems name, in the order of their first places."""
    members = _members(code)
    if languages.get(code).full_width:
        text = "".join(stem[:1] if len(stem) == 2 else stem for stem in stems) + (stems[-1][1:] if stems else "")
        found = sorted((form for form in members if form in text), key=lambda form: (text.index(form), form))
    else:
        found = [stem for stem in dict.fromkeys(stems) if stem in members]
    named: dict[int, list[str]] = {}
    for form in found:
        for number, member in members[form]:
            if member not in named.setdefault(number, []):
                named[number].append(member)
    return named
