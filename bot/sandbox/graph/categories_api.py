"""The master list of categories: a name once given stays, and stays alone."""

from __future__ import annotations

from bot.sandbox.graph.context import Context
from bot.sandbox.graph.odata import Selectable, page, read_options, selected
from bot.sandbox.graph.wire import GraphResponse
from bot.sandbox.tenant.mailbox import Category
from bot.sandbox.tenant.refusal import GraphError, bad_request, item_not_found
from bot.sandbox.tenant.resources import CATEGORY
from bot.sandbox.tenant.views import show_category

NAME_MOST = 255
CATEGORIES = Selectable(CATEGORY.name, frozenset({"id", "displayName", "color"}))


def _named(context: Context) -> Category:
    category = context.mailbox.categories.get(context.named["id"])
    if category is None:
        raise item_not_found()
    return category


def list_categories(context: Context) -> GraphResponse:
    """GET …/masterCategories: all of them, on one page."""
    options = read_options(context.request, CATEGORIES)
    if options.filter or options.order:
        raise bad_request("The list of categories cannot be filtered or sorted.", "ErrorInvalidUrlQuery")
    categories = iter(context.mailbox.categories.values())
    return context.answer(
        200,
        page(
            context.request,
            options,
            categories,
            size=1000,
            show=lambda one: selected(show_category(one), options),
        ),
    )


def create(context: Context) -> GraphResponse:
    """POST …/masterCategories."""
    fields = CATEGORY.read(context.body)
    name = (fields.get("displayName") or "").strip()
    if not name:
        raise bad_request("The property 'displayName' is required.", "ErrorInvalidArgument")
    if len(name) > NAME_MOST:
        raise bad_request(
            f"The property 'displayName' is longer than {NAME_MOST} characters.", "ErrorInvalidArgument"
        )
    if context.mailbox.category_named(name) is not None:
        raise GraphError(409, "CategoryNameDuplicate", f"A category with the name '{name}' already exists.")
    category = context.mailbox.add_category(name, fields.get("color") or "none")
    return context.one(show_category(category), 201)


def get(context: Context) -> GraphResponse:
    """GET …/masterCategories/{id}."""
    return context.one(show_category(_named(context)))


def change(context: Context) -> GraphResponse:
    """PATCH …/masterCategories/{id}: the colour alone."""
    category = _named(context)
    fields = CATEGORY.read(context.body)
    if fields.get("displayName", category.name) != category.name:
        raise bad_request("Set action is invalid for property 'displayName'.", "ErrorInvalidPropertySet")
    category.color = fields.get("color") or category.color
    context.mailbox.dirty = True
    return context.one(show_category(category))


def delete(context: Context) -> GraphResponse:
    """DELETE …/masterCategories/{id}: events keep the name, without its colour."""
    del context.mailbox.categories[_named(context).id]
    context.mailbox.dirty = True
    return context.answer(204)
