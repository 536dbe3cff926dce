"""Sign-in for staff: the few pages of django-allauth that we use, and no others.

No sign-up, no e-mail addresses, no password by e-mail: accounts come from the register, and whoever
lost his password goes to the administrator. The names are allauth's, since it redirects to them.
"""

from allauth.account import views as account
from allauth.mfa.base import views as mfa
from allauth.mfa.recovery_codes import views as codes
from allauth.mfa.totp import views as totp
from django.contrib.auth.decorators import login_required
from django.urls import path

urlpatterns = [
    path("", account.login, name="account_login"),
    path("code/", mfa.authenticate, name="mfa_authenticate"),
    path("out/", account.logout, name="account_logout"),
    path("inactive/", account.account_inactive, name="account_inactive"),
    path("again/", account.reauthenticate, name="account_reauthenticate"),
    path("again/code/", mfa.reauthenticate, name="mfa_reauthenticate"),
    path("password/", login_required(account.password_change), name="account_change_password"),
    path("account/", mfa.index, name="mfa_index"),
    path("totp/", totp.activate_totp, name="mfa_activate_totp"),
    path("totp/off/", totp.deactivate_totp, name="mfa_deactivate_totp"),
    path("codes/", codes.view_recovery_codes, name="mfa_view_recovery_codes"),
    path("codes/new/", codes.generate_recovery_codes, name="mfa_generate_recovery_codes"),
]
