"""What every endpoint shares and no app owns: fields, filters, pages, refusals."""
