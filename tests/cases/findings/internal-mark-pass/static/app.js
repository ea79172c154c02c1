const phone = "13800001234", braces = {};
