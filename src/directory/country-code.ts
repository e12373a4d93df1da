import { getCountries } from 'libphonenumber-js/max';

/**
 * ISO 3166 alpha-3 codes with their alpha-2 code. CRMs hold countries as 'DE', 'DEU', 'Germany' or
 * 'Deutschland'; the names come from the runtime (Intl), only these codes do not.
 */
const alpha3 =
  'ABWAW AFGAF AGOAO AIAAI ALAAX ALBAL ANDAD AREAE ARGAR ARMAM ASMAS ATGAG AUSAU AUTAT AZEAZ BDIBI BELBE BENBJ BESBQ ' +
  'BFABF BGDBD BGRBG BHRBH BHSBS BIHBA BLMBL BLRBY BLZBZ BMUBM BOLBO BRABR BRBBB BRNBN BTNBT BWABW CAFCF CANCA CCKCC ' +
  'CHECH CHLCL CHNCN CIVCI CMRCM CODCD COGCG COKCK COLCO COMKM CPVCV CRICR CUBCU CUWCW CXRCX CYMKY CYPCY CZECZ DEUDE ' +
  'DJIDJ DMADM DNKDK DOMDO DZADZ ECUEC EGYEG ERIER ESHEH ESPES ESTEE ETHET FINFI FJIFJ FLKFK FRAFR FROFO FSMFM GABGA ' +
  'GBRGB GEOGE GGYGG GHAGH GIBGI GINGN GLPGP GMBGM GNBGW GNQGQ GRCGR GRDGD GRLGL GTMGT GUFGF GUMGU GUYGY HKGHK HNDHN ' +
  'HRVHR HTIHT HUNHU IDNID IMNIM INDIN IOTIO IRLIE IRNIR IRQIQ ISLIS ISRIL ITAIT JAMJM JEYJE JORJO JPNJP KAZKZ KENKE ' +
  'KGZKG KHMKH KIRKI KNAKN KORKR KWTKW LAOLA LBNLB LBRLR LBYLY LCALC LIELI LKALK LSOLS LTULT LUXLU LVALV MACMO MAFMF ' +
  'MARMA MCOMC MDAMD MDGMG MDVMV MEXMX MHLMH MKDMK MLIML MLTMT MMRMM MNEME MNGMN MNPMP MOZMZ MRTMR MSRMS MTQMQ MUSMU ' +
  'MWIMW MYSMY MYTYT NAMNA NCLNC NERNE NFKNF NGANG NICNI NIUNU NLDNL NORNO NPLNP NRUNR NZLNZ OMNOM PAKPK PANPA PERPE ' +
  'PHLPH PLWPW PNGPG POLPL PRIPR PRKKP PRTPT PRYPY PSEPS PYFPF QATQA REURE ROURO RUSRU RWARW SAUSA SDNSD SENSN SGPSG ' +
  'SHNSH SJMSJ SLBSB SLESL SLVSV SMRSM SOMSO SPMPM SRBRS SSDSS STPST SURSR SVKSK SVNSI SWESE SWZSZ SXMSX SYCSC SYRSY ' +
  'TCATC TCDTD TGOTG THATH TJKTJ TKLTK TKMTM TLSTL TONTO TTOTT TUNTN TURTR TUVTV TWNTW TZATZ UGAUG UKRUA URYUY USAUS ' +
  'UZBUZ VATVA VCTVC VENVE VGBVG VIRVI VNMVN VUTVU WLFWF WSMWS XKXXK YEMYE ZAFZA ZMBZM ZWEZW';

/** Everyday names that neither ISO nor Intl has. */
const otherNames: Record<string, string> = {
  uk: 'GB',
  'great britain': 'GB',
  england: 'GB',
  scotland: 'GB',
  wales: 'GB',
  'northern ireland': 'GB',
  'united states of america': 'US',
  america: 'US',
  'u s a': 'US',
  'u s': 'US',
  holland: 'NL',
  'the netherlands': 'NL',
  'czech republic': 'CZ',
  macedonia: 'MK',
  'russian federation': 'RU',
  'korea republic of': 'KR',
  korea: 'KR',
  'republic of korea': 'KR',
  'viet nam': 'VN',
  burma: 'MM',
  'ivory coast': 'CI',
  'republic of ireland': 'IE',
  brasil: 'BR',
  'hong kong': 'HK',
  macau: 'MO',
  turkey: 'TR',
  uae: 'AE',
  'iran islamic republic of': 'IR',
  'taiwan province of china': 'TW',
  'slovak republic': 'SK',
  bundesrepublik: 'DE',
  brd: 'DE',
};

const languages = [
  'en',
  'de',
  'fr',
  'es',
  'it',
  'nl',
  'pt',
  'pl',
  'sv',
  'da',
  'nb',
  'cs',
  'tr',
  'ja',
  'zh',
];

let codes: Map<string, string> | undefined;

/**
 * ISO 3166 alpha-2 of a country as a CRM spells it (code of two or three letters, or its name in
 * one of several languages); null when the text is empty or says nothing that is known.
 */
export function countryCode(text: string): string | null {
  if (text === '' || text.length > 100) return null;
  codes ??= buildCodes();
  return codes.get(text) ?? codes.get(plain(text)) ?? null;
}

function buildCodes(): Map<string, string> {
  const result = new Map<string, string>();
  const known = getCountries();
  for (const language of languages) {
    const names = new Intl.DisplayNames([language], { type: 'region', fallback: 'none' });
    for (const code of known) {
      const name = names.of(code);
      // The first language wins where two of them call different countries the same.
      if (name !== undefined && !result.has(plain(name))) result.set(plain(name), code);
    }
  }
  for (const [name, code] of Object.entries(otherNames)) result.set(name, code);
  const dialable = new Set<string>(known);
  for (const pair of alpha3.split(' ')) {
    const code = pair.slice(3);
    if (dialable.has(code)) result.set(pair.slice(0, 3).toLowerCase(), code);
  }
  for (const code of known) result.set(code.toLowerCase(), code).set(code, code);
  return result;
}

/**
 * Lower case, without accents, punctuation as single spaces: 'Côte d’Ivoire' and 'COTE D IVOIRE'
 * are one.
 */
function plain(text: string): string {
  return text
    .normalize('NFKD')
    .replace(/\p{M}+/gu, '')
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, ' ')
    .trim();
}
