"""How much each sign tells, in nats: what the logarithm of the odds rises or falls by.

A logistic of all candidates of a line against each other and against none of them. The weights
were fitted to made-up statements of all kinds of numbering and levels of noise, of other seeds than
those that are measured (bench/bank_lines.py), and rounded. Those that are said to be set are not
fitted: made-up payers cannot tell them.
"""

from sheaf.books.matching.signs import Sign

WEIGHTS: dict[Sign, float] = {
    # Of what a line could be meant for most is not.
    Sign.ANY: -2.7,
    # Where the line points: the surer, the less can be meant else. Nats are what digits tell in
    # this tenant; of a last part they are most of what there is.
    Sign.TOLD: 7.2,
    Sign.REFERENCE: 4.5,
    Sign.INSIDE: 4.7,
    Sign.WRONG_CHECK: -1.5,
    Sign.FULL: 4.6,
    Sign.DIGITS: 3.3,
    Sign.TAIL: 3.4,
    Sign.NATS: 0.15,
    Sign.TAIL_NATS: 1.6,
    Sign.ANNOUNCED: 0.8,
    # Set lower than fitted: real texts have more kinds of digits than made-up ones.
    Sign.DOUBTFUL: -1.0,
    # A slip tells nearly what its number would, less if it is the number of another invoice.
    Sign.SLIP: 3.1,
    Sign.SLIP_TO_OTHER: 2.1,
    # Who names what is not open pays that, whatever else fits: twice, or in spite of a credit.
    Sign.STRANGE_NUMBER: -4.5,
    # A reference that nothing has is some bill's all the same. Set: with another reference printed
    # on the invoice it is another's.
    Sign.STRANGE_REFERENCE: 0.3,
    Sign.OTHER_REFERENCE: -7.0,
    # Beside others that are named, and with some that are not where some are.
    Sign.OTHERS_NAMED: -0.7,
    Sign.PARTLY_NAMED: 0.8,
    # Amounts: exactly what is open is what most pay, a part or more what few do. Set: the last one,
    # which made-up payers never pay.
    Sign.EXACT: 8.2,
    Sign.ROUNDED: 1.9,
    Sign.DISCOUNT: 5.9,
    Sign.CHARGES: 3.3,
    Sign.PART: -0.5,
    Sign.EVEN: 2.0,
    Sign.TWICE: 3.3,
    Sign.SLIGHTLY_MORE: 1.6,
    Sign.MORE: -5.0,
    # Without a number, an amount tells little if it is not exact, and less the more have it.
    Sign.UNNAMED_INEXACT: -0.7,
    Sign.COMMON_AMOUNT: -0.5,
    # Several: found by their sum among so many that chance finds one as well. Set lower than
    # fitted: how often the oldest are paid first is an assumption.
    Sign.SEVERAL: 1.2,
    Sign.TRIED: -1.1,
    Sign.OLDEST: 2.0,
    Sign.SEVERAL_CLIENTS: -1.6,
    # The payer: another name is seldom the client's; how alike it is makes little difference then.
    # Set: never the more alike the less likely.
    Sign.NAME_SAME: 0.0,
    Sign.NAME_CLEAR: -0.4,
    Sign.NAME_PARTLY: -0.4,
    Sign.NAME_OTHER: -2.2,
    Sign.ACCOUNT: 0.5,
    Sign.ACCOUNT_OTHER: -0.2,
    # Neither the payer nor the number speaks for it: then the amount must be a rare one.
    Sign.STRANGER: -3.2,
    Sign.STRANGER_COMMON: -1.1,
    # Months from the day due, and months further from it than what else could be meant.
    Sign.OFF_DUE: -1.1,
    Sign.WORSE_OFF_DUE: -1.4,
    Sign.BEFORE_ISSUE: -2.5,
    # Set: nothing is converted, so nothing can be certain.
    Sign.OTHER_CURRENCY: -1.0,
}
