"""Countries by ISO 3166-1: two letters, three letters, English, Romanian, Polish."""

LANGUAGES = ("en", "ro", "pl")

# The names are those of everyday use. `ALSO` has further ones.
TABLE = """\
AD AND Andorra|Andorra|Andora
AE ARE United Arab Emirates|Emiratele Arabe Unite|Zjednoczone Emiraty Arabskie
AF AFG Afghanistan|Afganistan|Afganistan
AG ATG Antigua and Barbuda|Antigua și Barbuda|Antigua i Barbuda
AI AIA Anguilla|Anguilla|Anguilla
AL ALB Albania|Albania|Albania
AM ARM Armenia|Armenia|Armenia
AO AGO Angola|Angola|Angola
AQ ATA Antarctica|Antarctica|Antarktyda
AR ARG Argentina|Argentina|Argentyna
AS ASM American Samoa|Samoa Americană|Samoa Amerykańskie
AT AUT Austria|Austria|Austria
AU AUS Australia|Australia|Australia
AW ABW Aruba|Aruba|Aruba
AX ALA Åland Islands|Insulele Åland|Wyspy Alandzkie
AZ AZE Azerbaijan|Azerbaidjan|Azerbejdżan
BA BIH Bosnia and Herzegovina|Bosnia și Herțegovina|Bośnia i Hercegowina
BB BRB Barbados|Barbados|Barbados
BD BGD Bangladesh|Bangladesh|Bangladesz
BE BEL Belgium|Belgia|Belgia
BF BFA Burkina Faso|Burkina Faso|Burkina Faso
BG BGR Bulgaria|Bulgaria|Bułgaria
BH BHR Bahrain|Bahrain|Bahrajn
BI BDI Burundi|Burundi|Burundi
BJ BEN Benin|Benin|Benin
BL BLM Saint Barthélemy|Saint-Barthélemy|Saint-Barthélemy
BM BMU Bermuda|Bermuda|Bermudy
BN BRN Brunei|Brunei|Brunei
BO BOL Bolivia|Bolivia|Boliwia
BQ BES Caribbean Netherlands|Insulele Caraibe Olandeze|Niderlandy Karaibskie
BR BRA Brazil|Brazilia|Brazylia
BS BHS Bahamas|Bahamas|Bahamy
BT BTN Bhutan|Bhutan|Bhutan
BV BVT Bouvet Island|Insula Bouvet|Wyspa Bouveta
BW BWA Botswana|Botswana|Botswana
BY BLR Belarus|Belarus|Białoruś
BZ BLZ Belize|Belize|Belize
CA CAN Canada|Canada|Kanada
CC CCK Cocos Islands|Insulele Cocos|Wyspy Kokosowe
CD COD DR Congo|Republica Democrată Congo|Demokratyczna Republika Konga
CF CAF Central African Republic|Republica Centrafricană|Republika Środkowoafrykańska
CG COG Congo|Congo|Kongo
CH CHE Switzerland|Elveția|Szwajcaria
CI CIV Côte d'Ivoire|Coasta de Fildeș|Wybrzeże Kości Słoniowej
CK COK Cook Islands|Insulele Cook|Wyspy Cooka
CL CHL Chile|Chile|Chile
CM CMR Cameroon|Camerun|Kamerun
CN CHN China|China|Chiny
CO COL Colombia|Columbia|Kolumbia
CR CRI Costa Rica|Costa Rica|Kostaryka
CU CUB Cuba|Cuba|Kuba
CV CPV Cape Verde|Capul Verde|Republika Zielonego Przylądka
CW CUW Curaçao|Curaçao|Curaçao
CX CXR Christmas Island|Insula Christmas|Wyspa Bożego Narodzenia
CY CYP Cyprus|Cipru|Cypr
CZ CZE Czechia|Cehia|Czechy
DE DEU Germany|Germania|Niemcy
DJ DJI Djibouti|Djibouti|Dżibuti
DK DNK Denmark|Danemarca|Dania
DM DMA Dominica|Dominica|Dominika
DO DOM Dominican Republic|Republica Dominicană|Dominikana
DZ DZA Algeria|Algeria|Algieria
EC ECU Ecuador|Ecuador|Ekwador
EE EST Estonia|Estonia|Estonia
EG EGY Egypt|Egipt|Egipt
EH ESH Western Sahara|Sahara Occidentală|Sahara Zachodnia
ER ERI Eritrea|Eritreea|Erytrea
ES ESP Spain|Spania|Hiszpania
ET ETH Ethiopia|Etiopia|Etiopia
FI FIN Finland|Finlanda|Finlandia
FJ FJI Fiji|Fiji|Fidżi
FK FLK Falkland Islands|Insulele Falkland|Falklandy
FM FSM Micronesia|Micronezia|Mikronezja
FO FRO Faroe Islands|Insulele Feroe|Wyspy Owcze
FR FRA France|Franța|Francja
GA GAB Gabon|Gabon|Gabon
GB GBR United Kingdom|Regatul Unit|Wielka Brytania
GD GRD Grenada|Grenada|Grenada
GE GEO Georgia|Georgia|Gruzja
GF GUF French Guiana|Guyana Franceză|Gujana Francuska
GG GGY Guernsey|Guernsey|Guernsey
GH GHA Ghana|Ghana|Ghana
GI GIB Gibraltar|Gibraltar|Gibraltar
GL GRL Greenland|Groenlanda|Grenlandia
GM GMB Gambia|Gambia|Gambia
GN GIN Guinea|Guineea|Gwinea
GP GLP Guadeloupe|Guadelupa|Gwadelupa
GQ GNQ Equatorial Guinea|Guineea Ecuatorială|Gwinea Równikowa
GR GRC Greece|Grecia|Grecja
GS SGS South Georgia|Georgia de Sud|Georgia Południowa
GT GTM Guatemala|Guatemala|Gwatemala
GU GUM Guam|Guam|Guam
GW GNB Guinea-Bissau|Guineea-Bissau|Gwinea Bissau
GY GUY Guyana|Guyana|Gujana
HK HKG Hong Kong|Hong Kong|Hongkong
HM HMD Heard and McDonald Islands|Insulele Heard și McDonald|Wyspy Heard i McDonalda
HN HND Honduras|Honduras|Honduras
HR HRV Croatia|Croația|Chorwacja
HT HTI Haiti|Haiti|Haiti
HU HUN Hungary|Ungaria|Węgry
ID IDN Indonesia|Indonezia|Indonezja
IE IRL Ireland|Irlanda|Irlandia
IL ISR Israel|Israel|Izrael
IM IMN Isle of Man|Insula Man|Wyspa Man
IN IND India|India|Indie
IO IOT British Indian Ocean Territory|Teritoriul Britanic din Oceanul Indian|\
Brytyjskie Terytorium Oceanu Indyjskiego
IQ IRQ Iraq|Irak|Irak
IR IRN Iran|Iran|Iran
IS ISL Iceland|Islanda|Islandia
IT ITA Italy|Italia|Włochy
JE JEY Jersey|Jersey|Jersey
JM JAM Jamaica|Jamaica|Jamajka
JO JOR Jordan|Iordania|Jordania
JP JPN Japan|Japonia|Japonia
KE KEN Kenya|Kenya|Kenia
KG KGZ Kyrgyzstan|Kârgâzstan|Kirgistan
KH KHM Cambodia|Cambodgia|Kambodża
KI KIR Kiribati|Kiribati|Kiribati
KM COM Comoros|Comore|Komory
KN KNA Saint Kitts and Nevis|Saint Kitts și Nevis|Saint Kitts i Nevis
KP PRK North Korea|Coreea de Nord|Korea Północna
KR KOR South Korea|Coreea de Sud|Korea Południowa
KW KWT Kuwait|Kuweit|Kuwejt
KY CYM Cayman Islands|Insulele Cayman|Kajmany
KZ KAZ Kazakhstan|Kazahstan|Kazachstan
LA LAO Laos|Laos|Laos
LB LBN Lebanon|Liban|Liban
LC LCA Saint Lucia|Sfânta Lucia|Saint Lucia
LI LIE Liechtenstein|Liechtenstein|Liechtenstein
LK LKA Sri Lanka|Sri Lanka|Sri Lanka
LR LBR Liberia|Liberia|Liberia
LS LSO Lesotho|Lesotho|Lesotho
LT LTU Lithuania|Lituania|Litwa
LU LUX Luxembourg|Luxemburg|Luksemburg
LV LVA Latvia|Letonia|Łotwa
LY LBY Libya|Libia|Libia
MA MAR Morocco|Maroc|Maroko
MC MCO Monaco|Monaco|Monako
MD MDA Moldova|Republica Moldova|Mołdawia
ME MNE Montenegro|Muntenegru|Czarnogóra
MF MAF Saint Martin|Sfântul Martin|Saint-Martin
MG MDG Madagascar|Madagascar|Madagaskar
MH MHL Marshall Islands|Insulele Marshall|Wyspy Marshalla
MK MKD North Macedonia|Macedonia de Nord|Macedonia Północna
ML MLI Mali|Mali|Mali
MM MMR Myanmar|Myanmar|Mjanma
MN MNG Mongolia|Mongolia|Mongolia
MO MAC Macao|Macao|Makau
MP MNP Northern Mariana Islands|Insulele Mariane de Nord|Mariany Północne
MQ MTQ Martinique|Martinica|Martynika
MR MRT Mauritania|Mauritania|Mauretania
MS MSR Montserrat|Montserrat|Montserrat
MT MLT Malta|Malta|Malta
MU MUS Mauritius|Mauritius|Mauritius
MV MDV Maldives|Maldive|Malediwy
MW MWI Malawi|Malawi|Malawi
MX MEX Mexico|Mexic|Meksyk
MY MYS Malaysia|Malaezia|Malezja
MZ MOZ Mozambique|Mozambic|Mozambik
NA NAM Namibia|Namibia|Namibia
NC NCL New Caledonia|Noua Caledonie|Nowa Kaledonia
NE NER Niger|Niger|Niger
NF NFK Norfolk Island|Insula Norfolk|Norfolk
NG NGA Nigeria|Nigeria|Nigeria
NI NIC Nicaragua|Nicaragua|Nikaragua
NL NLD Netherlands|Țările de Jos|Holandia
NO NOR Norway|Norvegia|Norwegia
NP NPL Nepal|Nepal|Nepal
NR NRU Nauru|Nauru|Nauru
NU NIU Niue|Niue|Niue
NZ NZL New Zealand|Noua Zeelandă|Nowa Zelandia
OM OMN Oman|Oman|Oman
PA PAN Panama|Panama|Panama
PE PER Peru|Peru|Peru
PF PYF French Polynesia|Polinezia Franceză|Polinezja Francuska
PG PNG Papua New Guinea|Papua Noua Guinee|Papua-Nowa Gwinea
PH PHL Philippines|Filipine|Filipiny
PK PAK Pakistan|Pakistan|Pakistan
PL POL Poland|Polonia|Polska
PM SPM Saint Pierre and Miquelon|Saint-Pierre și Miquelon|Saint-Pierre i Miquelon
PN PCN Pitcairn|Pitcairn|Pitcairn
PR PRI Puerto Rico|Puerto Rico|Portoryko
PS PSE Palestine|Palestina|Palestyna
PT PRT Portugal|Portugalia|Portugalia
PW PLW Palau|Palau|Palau
PY PRY Paraguay|Paraguay|Paragwaj
QA QAT Qatar|Qatar|Katar
RE REU Réunion|Réunion|Reunion
RO ROU Romania|România|Rumunia
RS SRB Serbia|Serbia|Serbia
RU RUS Russia|Rusia|Rosja
RW RWA Rwanda|Rwanda|Rwanda
SA SAU Saudi Arabia|Arabia Saudită|Arabia Saudyjska
SB SLB Solomon Islands|Insulele Solomon|Wyspy Salomona
SC SYC Seychelles|Seychelles|Seszele
SD SDN Sudan|Sudan|Sudan
SE SWE Sweden|Suedia|Szwecja
SG SGP Singapore|Singapore|Singapur
SH SHN Saint Helena|Sfânta Elena|Wyspa Świętej Heleny
SI SVN Slovenia|Slovenia|Słowenia
SJ SJM Svalbard and Jan Mayen|Svalbard și Jan Mayen|Svalbard i Jan Mayen
SK SVK Slovakia|Slovacia|Słowacja
SL SLE Sierra Leone|Sierra Leone|Sierra Leone
SM SMR San Marino|San Marino|San Marino
SN SEN Senegal|Senegal|Senegal
SO SOM Somalia|Somalia|Somalia
SR SUR Suriname|Surinam|Surinam
SS SSD South Sudan|Sudanul de Sud|Sudan Południowy
ST STP São Tomé and Príncipe|São Tomé și Príncipe|Wyspy Świętego Tomasza i Książęca
SV SLV El Salvador|El Salvador|Salwador
SX SXM Sint Maarten|Sint Maarten|Sint Maarten
SY SYR Syria|Siria|Syria
SZ SWZ Eswatini|Eswatini|Eswatini
TC TCA Turks and Caicos Islands|Insulele Turks și Caicos|Turks i Caicos
TD TCD Chad|Ciad|Czad
TF ATF French Southern Territories|Teritoriile Australe Franceze|\
Francuskie Terytoria Południowe
TG TGO Togo|Togo|Togo
TH THA Thailand|Thailanda|Tajlandia
TJ TJK Tajikistan|Tadjikistan|Tadżykistan
TK TKL Tokelau|Tokelau|Tokelau
TL TLS Timor-Leste|Timorul de Est|Timor Wschodni
TM TKM Turkmenistan|Turkmenistan|Turkmenistan
TN TUN Tunisia|Tunisia|Tunezja
TO TON Tonga|Tonga|Tonga
TR TUR Turkey|Turcia|Turcja
TT TTO Trinidad and Tobago|Trinidad și Tobago|Trynidad i Tobago
TV TUV Tuvalu|Tuvalu|Tuvalu
TW TWN Taiwan|Taiwan|Tajwan
TZ TZA Tanzania|Tanzania|Tanzania
UA UKR Ukraine|Ucraina|Ukraina
UG UGA Uganda|Uganda|Uganda
UM UMI US Outlying Islands|Insulele Îndepărtate ale SUA|\
Dalekie Wyspy Mniejsze Stanów Zjednoczonych
US USA United States|Statele Unite|Stany Zjednoczone
UY URY Uruguay|Uruguay|Urugwaj
UZ UZB Uzbekistan|Uzbekistan|Uzbekistan
VA VAT Vatican City|Vatican|Watykan
VC VCT Saint Vincent and the Grenadines|Saint Vincent și Grenadinele|\
Saint Vincent i Grenadyny
VE VEN Venezuela|Venezuela|Wenezuela
VG VGB British Virgin Islands|Insulele Virgine Britanice|Brytyjskie Wyspy Dziewicze
VI VIR U.S. Virgin Islands|Insulele Virgine Americane|\
Wyspy Dziewicze Stanów Zjednoczonych
VN VNM Vietnam|Vietnam|Wietnam
VU VUT Vanuatu|Vanuatu|Vanuatu
WF WLF Wallis and Futuna|Wallis și Futuna|Wallis i Futuna
WS WSM Samoa|Samoa|Samoa
XK XKX Kosovo|Kosovo|Kosowo
YE YEM Yemen|Yemen|Jemen
YT MYT Mayotte|Mayotte|Majotta
ZA ZAF South Africa|Africa de Sud|Republika Południowej Afryki
ZM ZMB Zambia|Zambia|Zambia
ZW ZWE Zimbabwe|Zimbabwe|Zimbabwe
"""

ALSO = {
    "AE": "UAE|EAU|ZEA|Emirates",
    "BN": "Brunei Darussalam",
    "BQ": "Bonaire, Sint Eustatius and Saba",
    "BY": "Bielorusia",
    "CD": "Democratic Republic of the Congo|The Democratic Republic of Congo|Zaire",
    "CG": "Republic of the Congo",
    "CI": "Ivory Coast",
    "CV": "Cabo Verde",
    "CZ": "Czech Republic|Republica Cehă|Republika Czeska",
    "DO": "Republika Dominikany|Republika Dominikańska",
    "FK": "Malvinas",
    "GB": "UK|Great Britain|England|Scotland|Wales|Northern Ireland|Marea Britanie|"
    "Regatul Unit al Marii Britanii|Anglia|Zjednoczone Królestwo|Szkocja|Scoția",
    "GR": "EL|Hellas",
    "HM": "Heard Island and McDonald Islands",
    "IE": "Republic of Ireland",
    "IR": "Islamic Republic of Iran",
    "KR": "Korea|Republic of Korea|Coreea|Korea",
    "LA": "Lao PDR",
    "MD": "Republic of Moldova",
    "MK": "Macedonia",
    "MM": "Burma|Birma|Birmania",
    "MO": "Macau",
    "NL": "Holland|The Netherlands|Olanda|Niderlandy",
    "PS": "State of Palestine",
    "RU": "Russian Federation|Federația Rusă|Federacja Rosyjska",
    "SK": "Slovak Republic",
    "SY": "Syrian Arab Republic",
    "SZ": "Swaziland|Suazi",
    "TR": "Türkiye",
    "TW": "Republic of China",
    "US": "United States of America|SUA|U.S.A.|U.S.|America|Statele Unite ale Americii|"
    "Stany Zjednoczone Ameryki",
    "VA": "Holy See|Vatican",
    "VN": "Viet Nam",
    "ZA": "RPA",
}
