"""The part of the API about books: settings, invoices, payments, files of the bank, reports."""

from aws_lambda_powertools.event_handler.router import APIGatewayHttpRouter


def routers() -> list[APIGatewayHttpRouter]:
    return []
