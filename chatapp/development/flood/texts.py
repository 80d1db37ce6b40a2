"""What visitors of a shop write, in Spanish and in English."""

import random

_OPENINGS = {
    "es": (
        "Hola, ¿tenéis la lámpara Brisa en verde salvia?",
        "Buenas, mi pedido {order} lleva dos días sin moverse. ¿Sabéis algo?",
        "¡Hola! Quería cambiar la dirección de entrega del pedido {order}.",
        "¿Hacéis envíos a Canarias? No me sale la opción al pagar.",
        "La mesa ha llegado con una pata rayada, os puedo mandar una foto.",
        "Se me ha cobrado dos veces el pedido {order}, ¿me lo podéis mirar?",
        "¿Cuánto tarda el montaje a domicilio en Zaragoza?",
    ),
    "en": (
        "Hi! Is the oak bookshelf back in stock any time soon?",
        "My order {order} says delivered, but nothing is here.",
        "Can I still change the colour on order {order}? I picked grey by mistake.",
        "Do you deliver to Ireland, and what does it cost?",
        "The discount code from the newsletter isn’t accepted at checkout.",
        "I’d like to return two chairs. How does it work?",
        "Is the rug safe for under-floor heating?",
    ),
}
_FOLLOWING = {
    "es": (
        "Vale, gracias.",
        "Perfecto, espero entonces.",
        "Es para un regalo, así que me corre un poco de prisa 🙂",
        "Os paso el número: {order}.",
        "¿Y si lo recojo en tienda?",
        "El importe son {price} €.",
        "Ah, y otra cosa: ¿la factura me llega al correo?",
        "Genial, ¡muchas gracias por la ayuda!",
    ),
    "en": (
        "Great, thank you!",
        "That works for me.",
        "The number is {order}.",
        "Would next Tuesday be possible?",
        "It was {price} € in total.",
        "I’ve checked with the neighbours already, nothing there.",
        "One more thing: can I get the invoice by email?",
        "Perfect, I’ll wait then.",
    ),
}
LOCALES = tuple(_OPENINGS)


def opening(locale: str) -> str:
    return _filled(random.choice(_OPENINGS[locale]))


def following(locale: str) -> str:
    return _filled(random.choice(_FOLLOWING[locale]))


def _filled(text: str) -> str:
    return text.format(order=f"A-{random.randint(10_000, 99_999)}", price=random.randint(12, 890))
