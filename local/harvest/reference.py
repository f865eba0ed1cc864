"""The closed lists of Harvest: currencies and time zones that a write may name."""

from collections.abc import Mapping

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

# Rails names, which are also what Harvest returns, with the zone that each stands for.
TIME_ZONES: Mapping[str, str] = {
    "American Samoa": "Pacific/Pago_Pago",
    "International Date Line West": "Pacific/Midway",
    "Midway Island": "Pacific/Midway",
    "Hawaii": "Pacific/Honolulu",
    "Alaska": "America/Juneau",
    "Pacific Time (US & Canada)": "America/Los_Angeles",
    "Tijuana": "America/Tijuana",
    "Arizona": "America/Phoenix",
    "Mountain Time (US & Canada)": "America/Denver",
    "Central America": "America/Guatemala",
    "Central Time (US & Canada)": "America/Chicago",
    "Mexico City": "America/Mexico_City",
    "Saskatchewan": "America/Regina",
    "Bogota": "America/Bogota",
    "Eastern Time (US & Canada)": "America/New_York",
    "Indiana (East)": "America/Indiana/Indianapolis",
    "Lima": "America/Lima",
    "Atlantic Time (Canada)": "America/Halifax",
    "Caracas": "America/Caracas",
    "La Paz": "America/La_Paz",
    "Santiago": "America/Santiago",
    "Newfoundland": "America/St_Johns",
    "Brasilia": "America/Sao_Paulo",
    "Buenos Aires": "America/Argentina/Buenos_Aires",
    "Mid-Atlantic": "Atlantic/South_Georgia",
    "Azores": "Atlantic/Azores",
    "Dublin": "Europe/Dublin",
    "London": "Europe/London",
    "UTC": "Etc/UTC",
    "Amsterdam": "Europe/Amsterdam",
    "Berlin": "Europe/Berlin",
    "Paris": "Europe/Paris",
    "Prague": "Europe/Prague",
    "Rome": "Europe/Rome",
    "Stockholm": "Europe/Stockholm",
    "Vienna": "Europe/Vienna",
    "Athens": "Europe/Athens",
    "Helsinki": "Europe/Helsinki",
    "Kiev": "Europe/Kiev",
    "Kyiv": "Europe/Kyiv",
    "Minsk": "Europe/Minsk",
    "Moscow": "Europe/Moscow",
    "Istanbul": "Europe/Istanbul",
    "Dubai": "Asia/Dubai",
    "Tehran": "Asia/Tehran",
    "Kabul": "Asia/Kabul",
    "Karachi": "Asia/Karachi",
    "Mumbai": "Asia/Kolkata",
    "Kathmandu": "Asia/Kathmandu",
    "Dhaka": "Asia/Dhaka",
    "Bangkok": "Asia/Bangkok",
    "Jakarta": "Asia/Jakarta",
    "Singapore": "Asia/Singapore",
    "Hong Kong": "Asia/Hong_Kong",
    "Beijing": "Asia/Shanghai",
    "Tokyo": "Asia/Tokyo",
    "Seoul": "Asia/Seoul",
    "Adelaide": "Australia/Adelaide",
    "Darwin": "Australia/Darwin",
    "Brisbane": "Australia/Brisbane",
    "Sydney": "Australia/Sydney",
    "Vladivostok": "Asia/Vladivostok",
    "Solomon Is.": "Pacific/Guadalcanal",
    "Auckland": "Pacific/Auckland",
    "Fiji": "Pacific/Fiji",
    "Samoa": "Pacific/Apia",
}
