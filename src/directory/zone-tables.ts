/** What is known of time zones inside countries that have several. Data alone; time-zone.ts reads it. */

/** Countries with several zones of which one holds all but a few islands or is the official one. */
export const mainZones: Record<string, string> = {
  CL: 'America/Santiago',
  CN: 'Asia/Shanghai',
  EC: 'America/Guayaquil',
  ES: 'Europe/Madrid',
  NZ: 'Pacific/Auckland',
  PT: 'Europe/Lisbon',
  UA: 'Europe/Kyiv',
};

/**
 * The larger cities, by country; without accents, in lower case. A name that several places of different zones share (Portland, Columbus, Kansas
 * City) is left out.
 */
export const cityZones: Record<string, Record<string, string>> = {
  US: {
    'America/New_York':
      'new york,new york city,brooklyn,manhattan,buffalo,philadelphia,pittsburgh,boston,cambridge,newark,jersey city,baltimore,washington,washington dc,atlanta,miami,orlando,tampa,charlotte,raleigh,detroit,cleveland,cincinnati,indianapolis,virginia beach,providence,hartford',
    'America/Chicago':
      'chicago,houston,dallas,austin,san antonio,fort worth,minneapolis,saint paul,st paul,milwaukee,new orleans,memphis,nashville,st louis,saint louis,oklahoma city,tulsa,omaha,des moines,baton rouge,little rock,madison',
    'America/Denver':
      'denver,boulder,colorado springs,salt lake city,albuquerque,santa fe,boise,el paso,cheyenne',
    'America/Phoenix': 'phoenix,tucson,mesa,scottsdale,tempe',
    'America/Los_Angeles':
      'los angeles,san francisco,san diego,san jose,oakland,sacramento,fresno,palo alto,mountain view,santa clara,seattle,tacoma,spokane,las vegas,reno,long beach',
    'America/Anchorage': 'anchorage,juneau,fairbanks',
    'Pacific/Honolulu': 'honolulu',
  },
  CA: {
    'America/St_Johns': "st john's,st johns",
    'America/Halifax': 'halifax,moncton,fredericton,charlottetown,saint john',
    'America/Toronto':
      'toronto,montreal,ottawa,quebec,quebec city,mississauga,hamilton,laval,gatineau,kitchener',
    'America/Winnipeg': 'winnipeg',
    'America/Regina': 'regina,saskatoon',
    'America/Edmonton': 'calgary,edmonton',
    'America/Vancouver': 'vancouver,victoria,surrey,burnaby',
  },
  MX: {
    'America/Mexico_City':
      'mexico city,ciudad de mexico,cdmx,guadalajara,monterrey,puebla,leon,queretaro,merida,toluca',
    'America/Tijuana': 'tijuana,mexicali,ensenada',
    'America/Hermosillo': 'hermosillo',
    'America/Cancun': 'cancun',
  },
  BR: {
    'America/Sao_Paulo':
      'sao paulo,rio de janeiro,brasilia,belo horizonte,curitiba,porto alegre,campinas,florianopolis,goiania,joinville',
    'America/Bahia': 'salvador',
    'America/Recife': 'recife',
    'America/Fortaleza': 'fortaleza',
    'America/Belem': 'belem',
    'America/Manaus': 'manaus',
    'America/Cuiaba': 'cuiaba',
  },
  AU: {
    'Australia/Sydney': 'sydney,canberra,newcastle,wollongong,parramatta',
    'Australia/Melbourne': 'melbourne,geelong,ballarat',
    'Australia/Hobart': 'hobart',
    'Australia/Brisbane': 'brisbane,gold coast,cairns,townsville',
    'Australia/Adelaide': 'adelaide',
    'Australia/Darwin': 'darwin',
    'Australia/Perth': 'perth,fremantle',
  },
  ES: {
    'Atlantic/Canary':
      'las palmas,las palmas de gran canaria,santa cruz de tenerife,san cristobal de la laguna',
  },
  PT: { 'Atlantic/Azores': 'ponta delgada,angra do heroismo,horta' },
  RU: {
    'Europe/Kaliningrad': 'kaliningrad',
    'Europe/Moscow':
      'moscow,moskva,saint petersburg,st petersburg,kazan,nizhny novgorod,rostov-on-don,sochi',
    'Asia/Yekaterinburg': 'yekaterinburg,chelyabinsk,perm,ufa',
    'Asia/Omsk': 'omsk',
    'Asia/Novosibirsk': 'novosibirsk',
    'Asia/Krasnoyarsk': 'krasnoyarsk',
    'Asia/Irkutsk': 'irkutsk',
    'Asia/Vladivostok': 'vladivostok',
  },
  ID: {
    'Asia/Jakarta': 'jakarta,bandung,surabaya,medan,semarang,yogyakarta',
    'Asia/Makassar': 'denpasar,makassar',
    'Asia/Jayapura': 'jayapura',
  },
};

/**
 * Area codes, as the digits after the `+`. Codes whose area lies in two zones are left out, and so are mobile phones, whose numbers say nothing
 * of a place, except in North America, where they have area codes too.
 */
export const areaZones: Record<string, string> = {
  'America/New_York': nanp(
    '201 202 203 207 212 215 216 220 223 227 229 231 234 239 240 248 252 260 267 269 272 276 283 301 302 304 305 313 315 317 321 324 326 329 330 332 336 339 347 351 352 363 380 386 401 404 407 410 412 413 419 434 436 440 443 445 463 470 472 475 478 484 502 508 513 516 517 518 540 551 561 567 570 571 582 585 586 603 606 607 609 610 614 616 617 631 640 645 646 656 667 678 679 680 681 686 689 703 704 706 716 717 718 724 727 728 732 734 740 743 754 757 762 770 771 772 774 781 786 802 803 804 810 813 814 821 826 828 835 838 839 843 845 848 854 856 857 859 860 862 863 864 865 878 904 908 910 912 914 917 919 929 934 937 941 943 947 948 954 959 973 978 980 984 989',
  ),
  'America/Chicago': nanp(
    '205 210 214 217 218 219 224 225 228 251 254 256 262 270 274 281 309 312 314 316 318 319 320 325 327 331 334 337 346 361 364 402 405 409 414 417 430 432 447 464 469 479 501 504 507 512 515 531 534 539 557 563 572 573 580 601 608 612 615 618 629 630 636 641 651 659 660 662 682 708 712 713 715 726 730 731 737 763 769 773 779 806 815 816 817 830 832 847 861 870 872 901 903 913 918 920 931 936 938 940 945 952 956 972 975 979 985',
  ),
  'America/Denver': nanp('303 307 385 406 435 505 575 719 720 801 915 970 983'),
  'America/Phoenix': nanp('480 520 602 623 928'),
  'America/Los_Angeles': nanp(
    '206 209 213 253 279 310 323 341 350 357 360 369 408 415 424 425 442 503 509 510 530 559 562 564 619 626 628 650 657 661 669 702 707 714 725 738 747 760 775 805 818 820 831 837 840 858 909 916 925 949 951 971',
  ),
  'America/Anchorage': nanp('907'),
  'Pacific/Honolulu': nanp('808'),
  'America/St_Johns': nanp('709'),
  'America/Halifax': nanp('506 782 902'),
  'America/Toronto': nanp(
    '226 249 263 289 343 354 365 367 382 416 418 437 438 450 468 514 519 548 579 581 613 647 683 705 742 753 819 873 905 942',
  ),
  'America/Winnipeg': nanp('204 431 584'),
  'America/Regina': nanp('306 474 639'),
  'America/Edmonton': nanp('368 403 587 780 825'),
  'America/Vancouver': nanp('236 604 672 778'),
  'Australia/Sydney': '612',
  'Australia/Melbourne': '613',
  'Australia/Brisbane': '617',
  'Australia/Adelaide': '6187 6188',
  'Australia/Darwin': '61889',
  'Australia/Perth': '6186 6189',
  'America/Sao_Paulo':
    '5511 5512 5513 5514 5515 5516 5517 5518 5519 5521 5522 5524 5527 5528 5531 5532 5533 5534 5535 5537 5538 5541 5542 5543 5544 5545 5546 5547 5548 5549 5551 5553 5554 5555 5561 5562 5564',
  'America/Manaus': '5592',
  'America/Cuiaba': '5565 5566',
  'Atlantic/Canary': '34822 34828 34922 34928',
  'Atlantic/Azores': '351292 351295 351296',
};

function nanp(codes: string): string {
  return codes.replaceAll(/\d+/g, '1$&');
}
