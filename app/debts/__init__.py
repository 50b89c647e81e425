"""The register: debts with the particulars their trust reported, the debtors who group them, and every change."""
