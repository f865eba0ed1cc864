"""Where a data store is known to differ from DynamoDB: each entry is a strictly expected failure.

An entry whose test passes fails the suite, and so does one whose test is gone: the table stays
true. `python -m tests.contract.page` writes docs/data-stores.md from it.
"""

STORES = {"ministack": "MiniStack", "moto": "moto", "ddblocal": "DynamoDB Local"}

_READ_UNITS = "tells the least that a read can cost, whatever its size"
_UNITS = "tells a constant, whatever was read or written"
_NOTHING_KEPT = "keeps everything in memory only"
_TOKENS = "ignores ClientRequestToken: the transaction is done again"

_OF: dict[str, dict[str, str]] = {
    "ministack": {
        "test_a_larger_read_costs_a_unit_for_each_four_kilobytes": _READ_UNITS,
        "test_a_projection_makes_no_read_cheaper": _READ_UNITS,
        "test_a_query_costs_the_sum_of_its_items_rounded_once": _READ_UNITS,
        "test_a_filter_makes_no_query_cheaper": _READ_UNITS,
        "test_a_query_of_an_index_costs_by_what_the_index_holds": _READ_UNITS,
        "test_a_batch_of_reads_rounds_each_item_up": "tells no capacity for BatchGetItem",
        "test_a_transaction_of_reads_costs_two_units_for_each_four_kilobytes": _READ_UNITS,
        "test_an_attribute_outside_the_projection_cannot_be_asked_for": "leaves it out silently",
        "test_overlapping_paths_in_one_update_are_refused": "accepts them",
        "test_a_filter_may_not_name_the_key": "accepts it",
        "test_a_clean_stop_keeps_the_changes_that_nobody_has_read": (
            "forgets unread stream records: drain the streams before stopping"
        ),
        "test_a_transactions_token_is_remembered_over_a_clean_stop": "forgets tokens",
        "test_what_was_written_survives_kill_9": "writes its state at a clean stop only",
    },
    "moto": {
        "test_a_larger_put_costs_a_unit_for_each_kilobyte": _UNITS,
        "test_capacity_is_told_for_the_table_and_in_total": _UNITS,
        "test_a_smaller_item_costs_what_the_larger_one_before_it_took": _UNITS,
        "test_an_update_costs_the_larger_of_before_and_after": _UNITS,
        "test_a_delete_costs_what_it_deletes_and_at_least_one": _UNITS,
        "test_a_write_costs_again_for_each_index_that_holds_the_item": _UNITS,
        "test_an_index_costs_by_the_size_of_what_it_holds": _UNITS,
        "test_an_index_costs_nothing_when_what_it_holds_stays_the_same": _UNITS,
        "test_an_item_that_moves_within_an_index_costs_two_writes_there": _UNITS,
        "test_an_item_that_leaves_an_index_costs_one_write_there": _UNITS,
        "test_a_read_of_up_to_four_kilobytes_costs_one_unit": _UNITS,
        "test_a_larger_read_costs_a_unit_for_each_four_kilobytes": _UNITS,
        "test_a_read_that_finds_nothing_costs_the_least": _UNITS,
        "test_a_projection_makes_no_read_cheaper": _UNITS,
        "test_a_query_costs_the_sum_of_its_items_rounded_once": _UNITS,
        "test_a_filter_makes_no_query_cheaper": _UNITS,
        "test_a_query_that_finds_nothing_costs_the_least": _UNITS,
        "test_a_query_of_an_index_costs_by_what_the_index_holds": _UNITS,
        "test_a_batch_of_writes_costs_the_sum_of_its_writes": _UNITS,
        "test_a_batch_of_reads_rounds_each_item_up": _UNITS,
        "test_a_transaction_costs_two_units_for_each_kilobyte": "tells no capacity",
        "test_a_transaction_of_reads_costs_two_units_for_each_four_kilobytes": _UNITS,
        "test_an_attribute_outside_the_projection_cannot_be_asked_for": "leaves it out silently",
        "test_a_page_of_an_index_ends_at_a_megabyte_of_what_the_index_holds": (
            "counts the whole items of the table"
        ),
        "test_a_batch_of_26_writes_is_refused_whole": "accepts it",
        "test_a_transaction_of_more_than_4_mb_is_refused": "accepts it",
        "test_an_item_may_have_400_kb_counting_names_and_values": "refuses from 405,000 bytes",
        "test_text_counts_as_its_utf8_bytes": "refuses from 405,000 bytes",
        "test_a_number_of_39_digits_is_refused": "accepts it",
        "test_a_number_of_1e126_is_refused": "accepts it",
        "test_an_index_key_of_the_wrong_type_is_refused": "accepts it",
        "test_a_set_with_a_repeated_element_is_refused": "accepts it",
        "test_a_range_with_its_ends_reversed_is_refused": "finds nothing instead",
        "test_a_filter_may_not_name_the_key": "accepts it",
        "test_a_table_or_index_that_is_missing_is_named_so": (
            "answers ResourceNotFoundException for an index"
        ),
        "test_a_page_that_ends_with_the_last_item_still_names_a_next_key": (
            "looks ahead and names none"
        ),
        "test_a_clean_stop_keeps_every_item_exactly": _NOTHING_KEPT,
        "test_a_clean_stop_keeps_indexes_and_the_expiry_attribute": _NOTHING_KEPT,
        "test_a_clean_stop_keeps_the_changes_that_nobody_has_read": _NOTHING_KEPT,
        "test_the_stream_goes_on_under_its_name_after_a_clean_stop": _NOTHING_KEPT,
        "test_a_transactions_token_is_remembered_over_a_clean_stop": _NOTHING_KEPT,
        "test_what_was_written_survives_kill_9": _NOTHING_KEPT,
        "test_what_an_earlier_clean_stop_kept_survives_kill_9": _NOTHING_KEPT,
        "test_a_write_that_changes_nothing_is_not_told": "tells a change that is none",
        "test_a_repeated_transaction_is_told_once": _TOKENS,
        "test_a_repeated_token_does_nothing_a_second_time": _TOKENS,
        "test_a_repeated_token_succeeds_although_its_condition_no_longer_holds": _TOKENS,
        "test_a_token_reused_for_something_else_is_refused": _TOKENS,
        "test_numbers_are_written_without_idle_zeros": "returns a number's text as it was given",
    },
}

GAPS: dict[tuple[str, str], str] = {
    (test, store): note for store, notes in _OF.items() for test, note in notes.items()
}
