"""Names of people and firms that do not exist, for the example company."""

FIRST = {
    "RO": [
        *("Andrei", "Ioana", "Mihai", "Elena", "Radu", "Ana", "Vlad", "Cristina"),
        *("Ștefan", "Maria", "Bogdan", "Raluca", "Tudor", "Irina", "Sorin", "Diana"),
        *("Florin", "Oana", "Răzvan", "Simona", "Dragoș", "Laura", "Cătălin", "Alina"),
    ],
    "PL": [
        *("Piotr", "Anna", "Tomasz", "Katarzyna", "Paweł", "Magdalena", "Marcin"),
        *("Agnieszka", "Michał", "Joanna", "Krzysztof", "Ewa", "Łukasz", "Monika"),
        *("Wojciech", "Zofia", "Jakub", "Beata", "Grzegorz", "Dorota", "Rafał"),
    ],
}
LAST = {
    "RO": [
        *("Popescu", "Ionescu", "Munteanu", "Dumitrescu", "Stan", "Gheorghe", "Rusu"),
        *("Moldovan", "Lazăr", "Ciobanu", "Nistor", "Barbu", "Enache", "Toma", "Sârbu"),
        *("Voicu", "Preda", "Oprea", "Manole", "Cojocaru", "Țurcanu", "Avram", "Neagu"),
    ],
    "PL": [
        *("Nowak", "Kowalska", "Wiśniewski", "Wójcik", "Kamińska", "Lewandowski"),
        *("Zielińska", "Szymański", "Woźniak", "Dąbrowska", "Kozłowski", "Jankowska"),
        *("Mazur", "Krawczyk", "Piotrowska", "Grabowski", "Pawlak", "Michalska"),
    ],
}
PLACES = {
    "RO": [
        *("Carpatia", "Dunărea", "Ardeal", "Someș", "Mureș", "Bega", "Bucegi", "Olt"),
        *(
            "Danubia",
            "Transilvana",
            "Cetatea",
            "Măgura",
            "Argeș",
            "Bistrița",
            "Pontica",
        ),
    ],
    "PL": [
        *("Wisła", "Bałtyk", "Śląsk", "Mazovia", "Warta", "Tatry", "Podlaska", "Odra"),
        *("Kujawy", "Beskid", "Pomorze", "Lubuska", "Kaszuby", "Sudety", "Roztocze"),
    ],
}
TRADES = [
    *("Logistics", "Foods", "Construct", "Components", "Packaging", "Textil", "Pharma"),
    *(
        "Energy",
        "Retail",
        "Software",
        "Metal",
        "Timber",
        "Agro",
        "Marine",
        "Auto Parts",
    ),
    *("Furniture", "Chemicals", "Print", "Cold Chain", "Electric", "Plastics", "Glass"),
]
ENDINGS = {"RO": ["SRL", "SA", "Group"], "PL": ["Sp. z o.o.", "SA", "Grupa"]}
TITLES = [
    *("Operations director", "Purchasing manager", "Managing director", "IT manager"),
    *("Supply chain manager", "Finance director", "Plant manager", "Sales director"),
]
_PLAIN = str.maketrans("ăâîșțĂÂÎȘȚąćęłńóśźżĄĆĘŁŃÓŚŹŻ", "aaistAAISTacelnoszzACELNOSZZ")


def plain(text: str) -> str:
    """Return a name as it stands in an address: small letters without accents."""
    letters = text.translate(_PLAIN).casefold()
    return "".join(letter if letter.isalnum() else "-" for letter in letters).strip("-")


def phone(country: str, number: int) -> str:
    """Return a mobile number of a country, of eight digits that were drawn."""
    return f"+407{number}" if country == "RO" else f"+485{number}"
