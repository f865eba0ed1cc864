"""The closed lists of Harvest: currencies and time zones that a write may name."""

CURRENCIES: tuple[str, ...] = tuple(
    (
        "USD EUR GBP AUD CAD JPY AED AFN ALL AMD ANG AOA ARS AWG AZN BAM BBD BDT BGN BHD BIF "
        "BMD BND BOB BRL BSD BTN BWP BYN BYR BZD CDF CHF CLP CNY COP CRC CUP CVE CZK DJF DKK "
        "DOP DZD EGP ERN ETB FJD FKP GEL GHS GIP GMD GNF GTQ GYD HKD HNL HRK HTG HUF IDR ILS "
        "INR IQD IRR ISK JMD JOD KES KGS KHR KMF KPW KRW KWD KYD KZT LAK LBP LKR LRD LSL LTL "
        "LVL LYD MAD MDL MGA MKD MMK MNT MOP MRO MUR MVR MWK MXN MYR MZN NAD NGN NIO NOK NPR "
        "NZD OMR PAB PEN PGK PHP PKR PLN PYG QAR RON RSD RUB RWF SAR SBD SCR SDG SEK SGD SHP "
        "SLL SOS SRD SSP STD SVC SYP SZL THB TJS TMT TND TOP TRY TTD TWD TZS UAH UGX UYU UZS "
        "VEF VND VUV WST XAF XCD XOF XPF YER ZAR ZMW "
    ).split()
)

# Rails names, which are also what Harvest returns.
TIME_ZONES: tuple[str, ...] = (
    "American Samoa",
    "International Date Line West",
    "Midway Island",
    "Hawaii",
    "Alaska",
    "Pacific Time (US & Canada)",
    "Tijuana",
    "Arizona",
    "Mountain Time (US & Canada)",
    "Central America",
    "Central Time (US & Canada)",
    "Mexico City",
    "Saskatchewan",
    "Bogota",
    "Eastern Time (US & Canada)",
    "Indiana (East)",
    "Lima",
    "Atlantic Time (Canada)",
    "Caracas",
    "La Paz",
    "Santiago",
    "Newfoundland",
    "Brasilia",
    "Buenos Aires",
    "Mid-Atlantic",
    "Azores",
    "Dublin",
    "London",
    "UTC",
    "Amsterdam",
    "Berlin",
    "Paris",
    "Prague",
    "Rome",
    "Stockholm",
    "Vienna",
    "Athens",
    "Helsinki",
    "Kiev",
    "Kyiv",
    "Minsk",
    "Moscow",
    "Istanbul",
    "Dubai",
    "Tehran",
    "Kabul",
    "Karachi",
    "Mumbai",
    "Kathmandu",
    "Dhaka",
    "Bangkok",
    "Jakarta",
    "Singapore",
    "Hong Kong",
    "Beijing",
    "Tokyo",
    "Seoul",
    "Adelaide",
    "Darwin",
    "Brisbane",
    "Sydney",
    "Vladivostok",
    "Solomon Is.",
    "Auckland",
    "Fiji",
    "Samoa",
)
