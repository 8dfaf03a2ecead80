"""Words that announce or betray a field of a reference, in the languages that journals print in."""

from __future__ import annotations

from refcheck.words import MONTHS, SEASONS, SHORT_MONTHS

# Gathered from the styles of the CSL repository and from the hand-tagged references; Latin script, Cyrillic, Korean,
# Chinese. The first class that names a word keeps it.
_WORDS = {
    "mon": f"{SHORT_MONTHS} januari februari maart mei augustus {SEASONS} {' '.join(MONTHS.values()).lower()}",
    "vol": "vol volume vols volumes band bd tome jahrgang jg årg årgang cilt roč rocznik tom köt sv 제 第 том т",
    "iss": "no nr num number issue iss heft fasc nº n° nᵒ nos № вып sayı núm número numéro hft zesz číslo č",
    "sup": "suppl supplement supp pt part spec",
    "pp": "pp p pages page pgs seiten s ss hal pág pags str strony sid с стр 쪽 页 art article",
    "ed": "ed eds editor editors edited hrsg hg éd éds editeur editeurs éditeurs coord org orgs herausgegeben dir red"
    " cur utg izd editores organizadores ред",
    "edn": "edn edition auflage aufl édition edición edição edizione wydanie upplagan изд",
    "in": "in dans em en im nel dalam içinde w v i",
    "et": "et",
    "al": "al coll",
    "and": "and und y e og och & и ve dan ja oraz és",
    "conf": "proc proceedings conference conf symposium symp workshop meeting congress kongress actes colloque annual"
    " international",
    "jou": "journal j rev review reviews revue revista rivista zeitschrift annals annales ann bulletin bull"
    " transactions trans letters lett archives arch acta quarterly magazine int science sciences sci res research"
    " medicine med physics phys chem chemistry biol biology nature am eur br lancet plos clin nat natl jama bmc"
    " frontiers журнал вестник",
    "uni": "university universität université universidad universidade università universiteit univ institute"
    " institut department dept laboratory school college faculty университет",
    "pub": "press publisher publishers publishing verlag springer elsevier wiley sons blackwell cambridge oxford"
    " routledge mcgraw academic sage éditions editions editora editorial kluwer dover birkhäuser north holland"
    " gallimard puf seuil ltd limited gmbh inc",
    "the": "thesis phd dissertation thèse mémoire diss diplomarbeit master msc tesis tese",
    "rep": "report rep tech technical memo working paper preprint rapport tr",
    "id": "doi pmid pubmed pmcid pmc medline arxiv isbn issn",
    "web": "available retrieved accessed access from online internet url http https cited consulté abgerufen zugriff"
    " disponible disponível acesso consultado website homepage epub",
    "trl": "translated translator trad übers traduit",
    "prs": "submitted forthcoming appear unpublished accepted preparation communication personal",
    "ser": "lecture notes series lncs ser collection",
    "jr": "jr sr ii iii iv",
    "grp": "collaboration group committee consortium investigators organization organisation ministry association"
    " society centers council agency commission",
    "fn": "the of and for a an on der die das des le la les du with to by from using at as is are zur et",
    "par": "van von den de del della di da dos das zu ter ten bin ibn el",
}
CLASS_OF: dict[str, str] = {}
for _name, _list in _WORDS.items():
    for _word in _list.split():
        CLASS_OF.setdefault(_word, _name)
