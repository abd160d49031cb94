"""The one door for files: whatever form they are meant for, they are cleaned before any code sees them."""

from __future__ import annotations

from typing import Any

from django.core.files.uploadedfile import InMemoryUploadedFile, UploadedFile
from django.core.files.uploadhandler import SkipFile, TemporaryFileUploadHandler

from luukku.content.files import LARGEST_BYTES, Unfit, cleaned
from luukku.core.known import known


class Refused(UploadedFile):
    """A file that did not come in. The field that it was meant for says why, as soon as it asks for the size."""

    def __init__(self, name: str, reason: Unfit) -> None:
        self.reason = reason
        super().__init__(name=name)

    @property
    def size(self) -> int:
        """Nothing may use it: raises what the field says to the person."""
        raise self.reason

    @size.setter
    def size(self, _size: int | None) -> None:
        """It has none."""


class CleaningHandler(TemporaryFileUploadHandler):
    """Takes files only from who writes pages, and gives on only clean ones."""

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        """Begin a file; from anybody else it is passed over unread: opening it would cost us, not them."""
        user = getattr(self.request, "user", None)
        if user is None or not user.has_perm("content.write"):
            raise SkipFile
        super().new_file(*args, **kwargs)
        self.received = 0

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        """Keep the piece; what is beyond the largest size of all is thrown away, and refused at the end."""
        self.received += len(raw_data)
        if self.received <= LARGEST_BYTES:
            super().receive_data_chunk(raw_data, start)

    def file_complete(self, file_size: int) -> UploadedFile:
        """Return the clean file, or one that tells its field why it was refused."""
        file = known(super().file_complete(file_size))  # this one waits for no other handler
        try:
            clean_file = cleaned(file.file, file.name, size=file_size)
        except Unfit as reason:
            file.close()
            return Refused(file.name, reason)
        if clean_file is file.file:
            file.size = clean_file.seek(0, 2)
            file.seek(0)
            return file
        size = clean_file.seek(0, 2)
        clean_file.seek(0)
        file.close()
        return InMemoryUploadedFile(
            clean_file, self.field_name, file.name, file.content_type, size, file.charset
        )
