"""The words of the fixed lists, and how else files write them."""

STAGES = {
    "lead": ("subscriber", "prospect", "new", "nou", "nowy", "kontakt"),
    "mql": ("marketing qualified lead", "marketing qualified"),
    "sal": ("sales accepted lead", "sales accepted", "accepted", "acceptat"),
    "sql": ("sales qualified lead", "sales qualified", "qualified", "calificat"),
    "opportunity": ("opp", "oportunitate", "szansa", "szansa sprzedazy"),
    "customer": ("client", "won", "klient"),
    "recycled": ("nurture", "nurturing", "reciclat", "do pielegnacji"),
    "disqualified": ("unqualified", "descalificat", "zdyskwalifikowany"),
    "lost": ("closed lost", "pierdut", "utracony", "stracony"),
}
OUTCOMES = {
    "open": (
        "in progress",
        "pending",
        "deschis",
        "deschisa",
        "in curs",
        "otwarta",
        "w toku",
    ),
    "won": ("closed won", "win", "castigat", "castigata", "wygrana", "wygrany"),
    "lost": ("closed lost", "loss", "pierdut", "pierduta", "przegrana", "stracona"),
}
REVENUE = {
    "new": ("new business", "nou", "noua", "nowa", "nowy"),
    "expansion": ("upsell", "cross sell", "upgrade", "extindere", "rozszerzenie"),
    "contraction": ("downsell", "downgrade", "reducere", "zmniejszenie", "obnizka"),
    "churn": (
        "cancellation",
        "cancelled",
        "lost",
        "reziliere",
        "rezygnacja",
        "odejscie",
    ),
    "one_off": (
        "one time",
        "once",
        "single",
        "unic",
        "o data",
        "jednorazowy",
        "jednorazowa",
    ),
}
CHANNELS = {
    "search": ("paid search", "sem", "ppc", "google ads", "adwords", "bing ads"),
    "social": ("social media", "paid social", "linkedin", "facebook", "instagram"),
    "display": ("display and video", "banner", "video", "youtube", "programmatic"),
    "email": ("e-mail", "mail", "newsletter", "mailing"),
    "webinar": ("webinarium",),
    "event": (
        "trade fair",
        "fair",
        "conference",
        "targ",
        "eveniment",
        "targi",
        "wydarzenie",
    ),
    "content": (
        "website",
        "web",
        "organic",
        "organic search",
        "seo",
        "blog",
        "site",
        "strona",
    ),
    "referral": ("recommendation", "recomandare", "polecenie"),
    "partner": ("reseller", "affiliate", "partener"),
    "phone": ("call", "telefon", "telephone"),
    "meeting": ("visit", "intalnire", "spotkanie"),
    "message": ("chat", "sms", "whatsapp", "messenger", "mesaj", "wiadomosc", "czat"),
    "other": ("alta", "altul", "altele", "inny", "inne"),
}
TOUCH_TYPES = {
    "call": ("phone", "phone call", "apel", "telefon", "rozmowa"),
    "email": ("e-mail", "mail"),
    "meeting": ("intalnire", "spotkanie"),
    "message": ("chat", "sms", "linkedin message", "mesaj", "wiadomosc"),
    "visit": ("website visit", "page view", "pageview", "vizita", "wizyta"),
    "form": ("form submission", "form fill", "formular", "formularz"),
    "demo_request": ("demo", "cerere demo", "prosba o demo"),
    "download": ("content download", "descarcare", "pobranie"),
    "webinar": ("webinar attendance", "webinarium"),
    "event": ("trade fair", "conference", "targ", "eveniment", "targi", "wydarzenie"),
    "click": ("ad click", "clic", "klikniecie"),
    "impression": ("view", "afisare", "wyswietlenie"),
    "other": ("alta", "altul", "altele", "inny", "inne"),
}
DIRECTIONS = {
    "inbound": ("in", "incoming", "received", "intrare", "primit", "przychodzacy"),
    "outbound": ("out", "outgoing", "sent", "iesire", "trimis", "wychodzacy"),
}
TEAMS = {
    "sales": ("vanzari", "sprzedaz"),
    "marketing": ("mkt",),
}
PROOFS = {
    "self_reported": ("manual", "none", "declarat", "wlasna deklaracja"),
    "email_id": ("email", "message id", "e-mail"),
    "call_record": ("call", "recording", "call id", "inregistrare", "nagranie"),
    "calendar": ("calendar entry", "kalendarz"),
    "system": ("automatic", "automat", "sistem", "automatycznie"),
}
