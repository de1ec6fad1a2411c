"""The registry as a spreadsheet: one description of sheets and columns that template, import and export share."""
