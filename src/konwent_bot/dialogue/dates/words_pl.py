"""Polish words of days and hours. Forms of one word are parted by ``|``; lists count from one."""

from typing import Final

from konwent_bot.dialogue.dates.vocabulary import Words

POLISH: Final = Words(
    months=(
        "styczeń|stycznia|styczniu|stycz|sty", "luty|lutego|lutym|lut", "marzec|marca|marcu|mar", "kwiecień|kwietnia|kwietniu|kwi",
        "maj|maja|maju", "czerwiec|czerwca|czerwcu|cze", "lipiec|lipca|lipcu|lip", "sierpień|sierpnia|sierpniu|sie",
        "wrzesień|września|wrześniu|wrz", "październik|października|październiku|paź", "listopad|listopada|listopadzie|lis",
        "grudzień|grudnia|grudniu|gru",
    ),
    weekdays=(
        "poniedziałek|poniedziałku|pon|pn", "wtorek|wtorku|wt", "środa|środę|środy|śr", "czwartek|czwartku|czw|czwart",
        "piątek|piątku|pt|pią", "sobota|sobotę|soboty|sob|sb", "niedziela|niedzielę|niedzieli|niedz|ndz|nd",
    ),
    days=((-2, "przedwczoraj"), (-1, "wczoraj"), (0, "dziś|dzisiaj"), (1, "jutro"), (2, "pojutrze")),
    units=(
        (1, "dzień|dni"), (7, "tydzień|tygodnie|tygodni|tygodniu|tygodnia"),
        (30, "miesiąc|miesiące|miesięcy|miesiącu|miesiąca"), (365, "rok|lata|lat"),
    ),
    numbers=(
        "jeden", "dwa|dwie", "trzy", "cztery", "pięć", "sześć", "siedem", "osiem", "dziewięć", "dziesięć", "jedenaście", "dwanaście",
        "trzynaście", "czternaście", "piętnaście", "szesnaście", "siedemnaście", "osiemnaście", "dziewiętnaście",
    ),
    tens=("dwadzieścia", "trzydzieści", "czterdzieści", "pięćdziesiąt", "sześćdziesiąt", "siedemdziesiąt"),
    ordinals=(
        "pierwszy|pierwszego", "drugi|drugiego", "trzeci|trzeciego", "czwarty|czwartego", "piąty|piątego", "szósty|szóstego",
        "siódmy|siódmego", "ósmy|ósmego", "dziewiąty|dziewiątego", "dziesiąty|dziesiątego", "jedenasty|jedenastego",
        "dwunasty|dwunastego", "trzynasty|trzynastego", "czternasty|czternastego", "piętnasty|piętnastego",
        "szesnasty|szesnastego", "siedemnasty|siedemnastego", "osiemnasty|osiemnastego", "dziewiętnasty|dziewiętnastego",
    ),
    ordinal_tens=("dwudziesty|dwudziestego", "trzydziesty|trzydziestego"),
    hours=(
        "pierwsza|pierwszej|pierwszą", "druga|drugiej|drugą", "trzecia|trzeciej|trzecią", "czwarta|czwartej|czwartą",
        "piąta|piątej|piątą", "szósta|szóstej|szóstą", "siódma|siódmej|siódmą", "ósma|ósmej|ósmą", "dziewiąta|dziewiątej|dziewiątą",
        "dziesiąta|dziesiątej|dziesiątą", "jedenasta|jedenastej|jedenastą", "dwunasta|dwunastej|dwunastą",
        "trzynasta|trzynastej|trzynastą", "czternasta|czternastej|czternastą", "piętnasta|piętnastej|piętnastą",
        "szesnasta|szesnastej|szesnastą", "siedemnasta|siedemnastej|siedemnastą", "osiemnasta|osiemnastej|osiemnastą",
        "dziewiętnasta|dziewiętnastej|dziewiętnastą", "dwudziesta|dwudziestej|dwudziestą",
    ),
    parts={
        "morning": "rano|z rana|nad ranem", "forenoon": "przed południem", "noon": "południe|w południe", "afternoon": "po południu",
        "evening": "wieczorem|wieczór", "night": "w nocy", "midnight": "północ|północy",
    },
    signs={
        "z": "za", "a": "o|godz|godzina|godzinie|godzinę|g", "b": "na", "w": "w|we|dnia|dn", "k": "h",
        "h": "wpół do|w pół do|pół do", "q": "kwadrans po", "Q": "za kwadrans|kwadrans przed|kwadrans do", "s": "po", "t": "przed", "v": "zero", "c": "najbliższy|najbliższą|najbliższa|nadchodzący|nadchodzącą|nadchodząca",
        "i": "ten|tę|tą|ta|tym|tego", "n": "przyszły|przyszłą|przyszła|przyszłym|przyszłego|następny|następną|następna|następnym|następnego",
        "l": "ostatni|ostatnią|ostatnia|ostatniego", "g": "zeszły|zeszłą|ubiegły|ubiegłą|miniony|minioną|poprzedni|poprzednią", "f": "od dziś|od dzisiaj|licząc od dziś",
        "y": "r|roku",
    },
    years=("br|b r|bieżącego roku|tego roku", "przyszłego roku"),
    endings="go|ego|tego|szego|ciego|mego",
    hour_endings="ej|tej|szej|ciej|mej|ta|tą",
)  # fmt: skip
