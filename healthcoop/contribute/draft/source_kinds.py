"""Kinds of sources that the host of a web address makes certain."""

import re
from urllib.parse import urlsplit

_OFFICIAL = re.compile(r"(?:^|\.)(?:gov|gob|gouv|gub|go|govt|mil|int|europa)(?:\.[a-z]{2,3})*$")

# Hosts, with those under them, of international organisations that have no .int.
_ORGANISATIONS = frozenset(
    "adb.org afdb.org africacdc.org asean.org caricom.org gavi.org iadb.org ifrc.org"
    " icrc.org ilo.org iaea.org isdb.org oecd.org oic-oci.org paho.org sectsco.org"
    " theglobalfund.org thecommonwealth.org turkicstates.org un.org unaids.org undp.org"
    " unfpa.org unhcr.org unicef.org unops.org wfp.org worldbank.org".split()
)

# Those of national and international news agencies.
_AGENCIES = frozenset(
    "24.kg aa.com.tr acn.cu adnkronos.com afp.com agenciabrasil.ebc.com.br"
    " agenzianova.com aninews.in ansa.it antaranews.com ap.org app.com.pk aps.dz armenpress.am"
    " apa.az apanews.net azertag.az bakhtarnews.af belga.be belta.by bernama.com bna.bh bssnews.net"
    " bta.bg ctk.cz dpa.com efe.com ena.et hina.hr inform.kz"
    " interfax.com interfax.ru interfax.by interfax.com.ua irna.ir isna.ir"
    " kabar.kg kazinform.kz kcna.kp khovar.tj kuna.net.kw kyodonews.net lusa.pt mapnews.ma"
    " mehrnews.com mia.mk moldpres.md mti.hu nan.ng nina.news omannews.gov.om pap.pl petra.gov.jo"
    " prensa-latina.cu ptinews.com qna.org.qa report.az reuters.com ria.ru sana.sy saba.ye"
    " spa.gov.sa tanjug.rs tap.info.tn tass.com tass.ru tasnimnews.com tasr.sk telam.com.ar"
    " tatoli.tl trend.az ukrinform.net ukrinform.ua uza.uz vnanet.vn"
    " vietnamplus.vn wafa.ps wam.ae xinhuanet.com yna.co.kr angop.ao inforpress.cv aim.org.mz"
    " ghananewsagency.org panapress.com prensalatina.com.br qazinform.com".split()
)


def source_kind(url: str) -> str:
    """Return the kind of a source by its host; empty where this does not make it certain."""
    host = urlsplit(url).hostname or ""
    parts = host.split(".")
    domains = {".".join(parts[n:]) for n in range(len(parts) - 1)}
    if domains & _AGENCIES:
        return "agency"
    if _OFFICIAL.search(host) or domains & _ORGANISATIONS:
        return "official"
    return ""
