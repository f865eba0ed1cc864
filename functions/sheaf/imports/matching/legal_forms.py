"""Legal forms of companies: which words at the edge of a name are a form, and which are one.

The vocabulary is cleanco's (51 countries). cleanco says that a term is a form, not which
terms are the same form, so the long forms and the spellings that mean one form are added
here. Terms that are ordinary words or country codes far more often than forms are left out.
"""

from functools import cache

from sheaf.imports.matching.folding import fold

# Written out -> the abbreviation that stands for it. Matched on the folded, unspaced text.
_SAME_FORM = {
    "ltd": (
        "limited",
        "co ltd",
        "company limited",
        "co limited",
        "pty ltd",
        "pty limited",
        "proprietary limited",
        "pte ltd",
        "pte limited",
        "pvt ltd",
        "pvt limited",
        "private limited",
        "private limited company",
        "you xian gong si",
    ),
    "plc": ("public limited company",),
    "inc": ("incorporated",),
    "corp": ("corporation",),
    "co": ("company", "compagnie"),
    "llc": ("limited liability company",),
    "llp": ("limited liability partnership",),
    "lp": ("limited partnership",),
    "gmbh": (
        "mbh",
        "ges mbh",
        "gesellschaft mbh",
        "gesellschaft mit beschraenkter haftung",
        "gesellschaft m b h",
        "gesellschaft mit beschrankter haftung",
    ),
    "gmbhcokg": ("gmbh co", "mbh co kg"),
    "agcokg": (),
    "secokg": (),
    "ugcokg": ("ug haftungsbeschraenkt co kg",),
    "ltdcokg": ("limited co kg",),
    "ag": ("aktiengesellschaft",),
    "kg": ("kommanditgesellschaft", "co kg"),
    "ohg": ("offene handelsgesellschaft",),
    "gbr": ("gesellschaft buergerlichen rechts",),
    "ug": ("ug haftungsbeschraenkt", "unternehmergesellschaft"),
    "eg": ("eingetragene genossenschaft",),
    "ev": ("eingetragener verein",),
    "ggmbh": ("gemeinnuetzige gmbh",),
    "bv": ("besloten vennootschap", "bvba", "besloten vennootschap met beperkte aansprakelijkheid"),
    "nv": ("naamloze vennootschap", "naamlooze vennootschap"),
    "vof": ("vennootschap onder firma",),
    "vzw": ("vereniging zonder winstoogmerk",),
    "sa": (
        "societe anonyme",
        "sociedad anonima",
        "sociedade anonima",
        "societa anonima",
        "spolka akcyjna",
    ),
    "sarl": ("societe a responsabilite limitee",),
    "sas": ("societe par actions simplifiee",),
    "sl": ("sociedad limitada", "slu", "sociedad de responsabilidad limitada"),
    "sadecv": ("sociedad anonima de capital variable",),
    "lda": ("limitada",),
    "spa": ("societa per azioni",),
    "srl": ("societa a responsabilita limitata", "srls"),
    "snc": ("societa in nome collettivo", "societe en nom collectif"),
    "ab": ("aktiebolag", "aktiebolaget", "publ ab", "ab publ"),
    "as": ("aksjeselskap", "aktieselskab"),
    "aps": ("anpartsselskab",),
    "oy": ("osakeyhtioe", "osakeyhtio", "oy ab"),
    "oyj": ("julkinen osakeyhtioe", "julkinen osakeyhtio"),
    "ou": ("osauehing", "osauhing", "oue"),
    "spzoo": ("spolka z ograniczona odpowiedzialnoscia", "spolka z o o", "sp zoo"),
    "sro": ("spol s r o", "spolecnost s rucenim omezenym"),
    "doo": ("drustvo s ogranicenom odgovornoscu",),
    "kft": ("korlatolt felelossegue tarsasag",),
    "ooo": ("obshchestvo s ogranichennoy otvetstvennostyu",),
    "kk": ("kabushiki kaisha", "zhu shi hui she", "ju sig hoe sa"),
    "ek": ("e kfm", "eingetragener kaufmann"),
}

# Forms in cleanco's lists that are words, country codes or initials far more often.
_NOT_A_FORM = frozenset(
    "3at aat ad aj at ba bl cic cio coop cpt da dat ec ee ei ent ep esv et etat fa fcp fie fkf "
    "gie gp gte ij ik iks is kf koop kt ks mb nl ok obrt oe pp private ps psu pse qk rhf sd se "
    "secs sem sep ses sf sogepa sp stg tapui teo ud uk vat xk xt zat ay".split()
)

# Forms that stand in front of the name by custom; any other leading letters are the name's.
LEADING_FORMS = frozenset(
    "nv bv ab oy ooo oao zao pao tov uab sia pt sarl sas eurl sasu zhushihuishe jusighoesa".split()
)
ONLY_LEADING_FORMS = frozenset(("pt", "tov"))

# Forms that no ordinary word is spelt like: found inside a name too ("Acme GmbH, Berlin").
UNMISTAKABLE_FORMS = frozenset(
    "gmbh ggmbh bv nv ltd inc llc plc sarl srl spa sas ag aps sro doo spzoo kft ooo llp corp "
    "kgaa ohg gbr bvba sprl eurl sasu oyj asa uab limited incorporated corporation "
    "aktiengesellschaft".split()
)


def _unspaced(term: str) -> str:
    return "".join(fold(term).replace("&", " ").split())


@cache
def canonical_forms() -> dict[str, str]:
    """Every form, folded and unspaced, with the spelling that stands for all of its spellings."""
    # cleanco prepares its own term table when it is imported, so only on first use.
    from cleanco.termdata import terms_by_country, terms_by_type

    terms = {
        term
        for group in (terms_by_country, terms_by_type)
        for some in group.values()
        for term in some
    }
    forms = {}
    for spelling in map(_unspaced, terms):
        if len(spelling) > 1 and spelling not in _NOT_A_FORM:
            forms[spelling] = spelling
    for canonical, spellings in _SAME_FORM.items():
        for spelling in (canonical, *spellings):
            forms[_unspaced(spelling)] = canonical
    return forms


def written_form(name: str) -> str | None:
    """The legal form as it stands at the end or the front of the name; None if it is elsewhere."""
    forms = canonical_forms()
    written = name.replace(",", " ").split()
    for start in range(1, len(written)):
        if _unspaced(" ".join(written[start:])) in forms:
            return " ".join(written[start:])
    return written[0] if written and _unspaced(written[0]) in forms and len(written) > 1 else None
