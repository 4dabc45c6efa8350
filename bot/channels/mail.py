"""Mail to staff: the morning digest, under a Message-ID that stays the same however often it is sent."""

import email.policy
from email.message import EmailMessage
from email.utils import format_datetime

import aiosmtplib

from bot.core.errors import DeliveryFailed
from bot.settings.secrets import Secrets
from bot.store.outbox import Parcel

_PERMANENT = range(500, 600)


class Mail:
    """Sends parcels of the outbox by SMTP."""

    def __init__(self, secrets: Secrets, sender: str) -> None:
        self._secrets = secrets
        self._sender = sender

    async def send_parcel(self, parcel: Parcel) -> str:
        """Sends and returns the Message-ID; raises DeliveryFailed."""
        if not self._secrets.smtp_host:
            raise DeliveryFailed("kein Mailserver eingerichtet (SMTP_HOST)", permanent=True)
        message = self.compose(parcel)
        try:
            await aiosmtplib.send(
                message,
                hostname=self._secrets.smtp_host,
                port=self._secrets.smtp_port,
                username=self._secrets.smtp_user,
                password=self._secrets.smtp_password,
                use_tls=self._secrets.smtp_security == "tls",
                start_tls=self._secrets.smtp_security == "starttls",
                timeout=20,
            )
        except aiosmtplib.SMTPTimeoutError as error:
            raise DeliveryFailed("Zeitüberschreitung beim Mailserver", unknown=True) from error
        except aiosmtplib.SMTPRecipientsRefused as error:
            codes = [refused.code for refused in error.recipients]
            permanent = all(code in _PERMANENT for code in codes)
            raise DeliveryFailed(f"Empfänger abgelehnt ({codes[0]})", permanent=permanent) from error
        except aiosmtplib.SMTPResponseException as error:
            raise DeliveryFailed(f"Mailserver sagt {error.code}", permanent=error.code in _PERMANENT) from error
        except (aiosmtplib.SMTPException, OSError) as error:
            raise DeliveryFailed(f"Mailserver nicht erreichbar ({type(error).__name__})") from error
        return str(message["Message-ID"])

    def compose(self, parcel: Parcel) -> EmailMessage:
        """The parcel as a mail; the same parcel always gives the same Message-ID, so that doubles fall together."""
        message = EmailMessage(policy=email.policy.SMTP)
        message["From"] = self._sender
        message["To"] = parcel.address or ""
        message["Subject"] = parcel.subject or ""
        message["Date"] = format_datetime(parcel.created_at)
        message["Message-ID"] = f"<{parcel.key.replace(':', '.')}@{self._sender.partition('@')[2]}>"
        message["Auto-Submitted"] = "auto-generated"
        message.set_content(parcel.text)
        if parcel.html:
            message.add_alternative(parcel.html, subtype="html")
        return message
